"""ElasticMQ, a queue server that others wrote and that speaks SQS: brought from Maven Central and started on a free port."""

import pathlib
import shutil
import subprocess

from ports import free_port, wait_for

HERE = pathlib.Path(__file__).resolve().parent
HOME = HERE.parent.parent / "build" / "peers" / "elasticmq"
VERSION = "1.7.1"
START_SECONDS = 60

CONFIG = '''include classpath("application.conf")
node-address {{ protocol = http, host = "127.0.0.1", port = {port}, context-path = "" }}
rest-sqs {{ enabled = true, bind-port = {port}, bind-hostname = "127.0.0.1", sqs-limits = strict }}
rest-stats {{ enabled = false }}
aws {{ region = "us-east-1", accountId = "000000000000" }}
'''


class Absent(Exception):
    """Why it cannot be had."""


def jars():
    found = HOME / "lib"
    if list(found.glob("elasticmq-server*.jar")):
        return found
    if shutil.which("mvn") is None:
        raise Absent("there is no mvn")
    made = subprocess.run(["mvn", "-B", "-q", "-f", HERE / "elasticmq.pom.xml",
                           "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies",
                           "-DincludeScope=runtime", f"-DoutputDirectory={found}"],
                          capture_output=True, text=True, timeout=600, check=False)
    if made.returncode != 0:
        raise Absent(made.stdout.strip()[-200:])
    return found


class ElasticMq:
    """A server that runs until the end of the block."""

    def __init__(self, memory="256m"):
        self.memory = memory

    def __enter__(self):
        lib = jars()
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        config = HOME / "elasticmq.conf"
        config.write_text(CONFIG.format(port=self.port))
        self.process = subprocess.Popen(["java", f"-Xmx{self.memory}", f"-Dconfig.file={config}", "-cp", f"{lib}/*",
                                         "org.elasticmq.server.Main"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if not wait_for(self.endpoint + "/health", START_SECONDS):
            self.__exit__()
            raise Absent("it did not become ready")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
