"""The application. Import order matters, don't sort!"""
import logging
import os

from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

from src.settings import config
from src.mongo import AsyncMongoClient
from src.middleware import SecurityHeadersMiddleware, csrf_middleware, csrf_protection
from src.middleware.security import security_manager, security_middleware
from src.api.endpoints.health import router as health_router
from src.api.endpoints.products import router as products_router
from src.api.endpoints.admin import router as admin_router

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
logger = logging.getLogger(__name__)

# MongoDB connection
mongo_url = os.environ["MONGO_URL"]
client = AsyncMongoClient(mongo_url)
db = client[os.environ["DB_NAME"]]

app = FastAPI(title="Shop", version="1.4.2")

app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"])
app.add_middleware(SecurityHeadersMiddleware, extra={"X-Shop": "1"})
app.middleware("http")(csrf_middleware)
app.middleware("http")(security_middleware)

app.include_router(health_router)
app.include_router(products_router)
app.include_router(admin_router)


@app.on_event("startup")
async def configure():
    security_manager.configure(config["security"])
    logger.info("%s is open", config["shop"])


@app.on_event("shutdown")
async def shutdown_db_client():
    if client:
        client.close()


@app.exception_handler(ValueError)
async def bad_value(request: Request, error: ValueError):
    logger.error("%s: %s", request.url.path, error)
    return JSONResponse({"detail": str(error)}, status_code=400)


@app.get("/csrf-token")
async def csrf_token(request: Request):
    session = request.cookies.get("session", "anonymous")
    return {"token": csrf_protection.token_for(session)}


@app.get("/ready")
async def ready():
    return await db.command("ping")


@app.post("/reviews/{sku}", status_code=201)
async def add_review(sku: str, request: Request):
    body = await request.json()
    if not 1 <= body["stars"] <= 5:
        raise ValueError("stars go from 1 to 5")
    number = await db["reviews"].insert_one({"sku": sku, "stars": body["stars"]})
    return {"review": number}


@app.get("/reviews/{sku}")
async def reviews(sku: str):
    found = await db["reviews"].find(sku=sku)
    return {"stars": [review["stars"] for review in found]}
