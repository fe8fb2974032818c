"""Functions that are sent to other processes as code take the values of their names along: these stay values."""

import pytest

from lazify.testing import Files, check, refused

CONF = 'import json\n\nwith open("c.json") as file:\n    conf = json.load(file)\n'
DATA: Files = {"c.json": '{"k": 7}'}
ONLY = {"select": ["LZ1"]}
MAIN = '\n\nif __name__ == "__main__":\n    main()\n'
SCRIPTS = {
    "a function": "import cloudpickle\n\n\ndef work(x):\n    return x * conf['k']\n\n\ndef main():\n    print(cloudpickle.dumps(work))\n",
    "what it calls": "import dill\n\n\ndef k():\n    return conf['k']\n\n\ndef work(x):\n    return x * k()\n\n\ndef main():\n    print(dill.dumps(work))\n",
    "a class": "import cloudpickle\n\n\nclass Job:\n    def run(self):\n        return conf['k']\n\n\ndef main():\n    print(cloudpickle.dumps(Job()))\n",
    "a decorated function": "import ray\n\n\n@ray.remote(num_cpus=1)\ndef work(x):\n    return x * conf['k']\n\n\ndef main():\n    work.remote(1)\n",
    "a function in a call": "from joblib import Parallel, delayed\n\n\ndef work(x):\n    return x * conf['k']\n\n\ndef main():\n    print(Parallel(2)(delayed(work)(i) for i in range(3)))\n",
    "a lambda": "import dask.bag as bag\n\n\ndef main():\n    print(bag.from_sequence([1]).map(lambda x: x * conf['k']))\n",
    "a function that another module sends": "import jobs\n\n\ndef work(x):\n    return x * conf['k']\n\n\ndef main():\n    jobs.send(work)\n",
}
JOBS: Files = {"jobs.py": "import cloudpickle\n\n\ndef send(work):\n    return cloudpickle.dumps(work)\n"}
MODULES = {
    "a decorated function": "import ray\nfrom cfg import conf\n\n\n@ray.remote\ndef work(x):\n    return x * conf['k']\n",
    "a decorated class": "import ray\nfrom cfg import conf\n\n\n@ray.remote\nclass Work:\n    def k(self):\n        return conf['k']\n",
    "a nested function": "import cloudpickle\nfrom cfg import conf\n\n\ndef send():\n    def work(x):\n        return x * conf['k']\n\n    return cloudpickle.dumps(work)\n",
    "a decorator of the project": "from cfg import conf\nfrom remote import task\n\n\n@task\ndef work(x):\n    return x * conf['k']\n",
}
REMOTE: Files = {
    "remote.py": "import ray\n\n\ndef task(function):\n    return ray.remote(num_cpus=1)(function)\n"
}


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=list(SCRIPTS))
def test_what_the_functions_of_a_script_read_goes_with_them(text: str) -> None:
    refused(
        {"run.py": CONF + text + MAIN, **JOBS, **DATA},
        because="may be sent to another process as code",
        flags=ONLY,
    )


@pytest.mark.parametrize("text", MODULES.values(), ids=list(MODULES))
def test_what_a_module_hides_from_pickle_goes_as_code_too(text: str) -> None:
    main = f"import work\n\n\ndef main():\n    print(work)\n{MAIN}"
    files: Files = {"cfg.py": CONF, "work.py": text, "main.py": main, **REMOTE, **DATA}
    refused(files, because="may be sent to another process as code", flags=ONLY)


THROUGH = {
    "a nested function": "    def work(x):\n        return x * conf['k']\n\n    return hand.over(work)\n",
    "a lambda": "    return hand.over(lambda x: x * conf['k'])\n",
    "a method": "    return hand.Hand().over(lambda x: x * conf['k'])\n",
}
HAND = "import jobs\n\n\ndef over(work):\n    return jobs.send(work)\n\n\nclass Hand:\n    def over(self, work):\n        return over(work)\n"


@pytest.mark.parametrize("body", THROUGH.values(), ids=list(THROUGH))
def test_what_is_handed_to_the_sender_through_other_modules_goes_as_code(body: str) -> None:
    work = f"import hand\nfrom cfg import conf\n\n\ndef go():\n{body}"
    main = f"import work\n\n\ndef main():\n    print(work.go())\n{MAIN}"
    files: Files = {"cfg.py": CONF, "work.py": work, "hand.py": HAND, "main.py": main, **JOBS, **DATA}
    refused(files, because="may be sent to another process as code", flags=ONLY)


def test_what_only_calls_such_a_function_is_not_sent() -> None:
    work = "import hand\nfrom cfg import conf\n\n\ndef go():\n    found = [lambda: conf['k']]\n    return hand.over(len), found\n"
    main = f"import work\n\n\ndef main():\n    print(work.go())\n{MAIN}"
    files: Files = {"cfg.py": CONF, "work.py": work, "hand.py": HAND, "main.py": main, **JOBS, **DATA}
    assert "def get_conf" in check(files, flags=ONLY).files["cfg.py"]


def test_a_module_may_be_sent_whole() -> None:
    main = f"import cloudpickle\nimport work\n\n\ndef main():\n    cloudpickle.register_pickle_by_value(work)\n{MAIN}"
    work = f"{CONF}\n\ndef work(x):\n    return x * conf['k']\n"
    refused(
        {"work.py": work, "main.py": main, **DATA},
        because="may be sent to another process as code",
        flags=ONLY,
    )


LEFT = {
    "a function that is only called": "import cloudpickle\n\n\ndef k():\n    return conf['k']\n\n\ndef main():\n    print(cloudpickle.dumps(k()))\n",
    "a route": "import joblib\nfrom flask import Flask\n\napp = Flask(__name__)\n\n\n@app.route('/')\ndef k():\n    return conf['k']\n\n\ndef main():\n    print(joblib.Parallel(2))\n",
    "joblib that only loads": "import joblib\n\n\ndef k():\n    return conf['k']\n\n\ndef main():\n    print(joblib.load, k)\n",
}


@pytest.mark.parametrize("text", LEFT.values(), ids=list(LEFT))
def test_what_is_not_sent_waits(text: str) -> None:
    outcome = check({"run.py": CONF + text + MAIN, **DATA})
    assert "conf becomes get_conf()" in [change.title for change in outcome.plan.changes]


def test_what_pickle_finds_in_its_module_waits() -> None:
    """The other process imports the module, as it did, and makes its own value there."""
    work = f"{CONF}\n\ndef work(x):\n    return x * conf['k']\n"
    main = f"import cloudpickle\nimport work\n\n\ndef main():\n    print(cloudpickle.loads(cloudpickle.dumps(work.work))(1))\n{MAIN}"
    outcome = check({"work.py": work, "main.py": main, **DATA})
    assert "return x * get_conf()['k']" in outcome.files["work.py"]


CARRIER = "import fractions\n\n\nclass Half(fractions.Fraction):\n    pass\n\n\ntable = {'k': 1}\n"
USER = "import cloudpickle\nfrom cfg import {0}\n\n\ndef work():\n    return {0}\n\n\ndef main():\n    print(cloudpickle.dumps(work) == b'')\n"


def test_the_import_of_a_value_that_is_sent_stays() -> None:
    flags = {"heavy": ["fractions"], "select": ["LZ2"]}
    files = {"cfg.py": CARRIER, "run.py": USER.format("table") + MAIN}
    refused(files, because="may be sent to another process as code", flags=flags)


def test_the_import_of_a_class_moves_since_the_other_process_imports_it() -> None:
    flags = {"heavy": ["fractions"], "select": ["LZ2"]}
    files = {"cfg.py": CARRIER, "run.py": USER.format("Half") + MAIN}
    outcome = check(files, flags=flags)
    assert "    from cfg import Half" in outcome.files["run.py"]
