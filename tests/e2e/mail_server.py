"""A mail server on loopback, for tests: it speaks SMTP with STARTTLS and AUTH PLAIN where it is asked to, keeps what it takes, and
can go away and come back at the same port. Letters are read by Python's own `email`."""

import base64
import email
import email.policy
import socketserver
import ssl
import subprocess
import threading


def certificate(directory):
    """A certificate of 127.0.0.1 that vouches for itself; the file of both, key and certificate."""
    path = directory / "mail.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", path, "-out", path + ".crt"],
                   check=True, capture_output=True)
    with open(path + ".crt", encoding="ascii") as crt, open(path, "a", encoding="ascii") as pem:
        pem.write(crt.read())
    return path


class Letter:
    def __init__(self, sender, recipients, content):
        self.sender, self.recipients = sender, recipients
        self.message = email.message_from_bytes(content, policy=email.policy.default)
        self.id, self.subject = self.message["Message-ID"], self.message["Subject"]
        self.to = [address.addr_spec for address in self.message["To"].addresses]
        self.text = self.message.get_body(("plain",)).get_content()

    def __str__(self):
        return "%s to %s: %s" % (self.id, self.recipients, self.subject)


class Talk(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self):
        world, sender, recipients, known = self.server.world, None, [], False
        secure = False
        world.talks.append(self.connection)
        self.say("220 mail.test at your service")
        while line := self.rfile.readline():
            word, _, rest = line.decode("ascii", "replace").strip().partition(" ")
            word = word.upper()
            if word == "EHLO":
                lines = ["mail.test"] + (["STARTTLS"] if world.tls and not secure else [])
                lines += ["AUTH PLAIN"] if world.user and (secure or not world.tls) else []
                for at, each in enumerate(lines):
                    self.say("250%s%s" % (" " if at == len(lines) - 1 else "-", each))
            elif word == "STARTTLS" and world.tls:
                self.say("220 go on")
                self.connection = world.tls.wrap_socket(self.connection, server_side=True)
                self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
                secure = True
            elif word == "AUTH":
                said = rest.partition(" ")[2]
                if not said:
                    self.say("334 ")
                    said = self.rfile.readline().decode().strip()
                known = base64.b64decode(said).decode().split("\0")[1:] == list(world.user)
                self.say("235 welcome" if known else "535 5.7.8 no")
            elif (world.tls and not secure or world.user and not known) and word in ("MAIL", "RCPT", "DATA"):
                self.say("530 5.7.0 sign in first")
            elif word == "MAIL":
                sender, recipients = rest[rest.index("<") + 1:rest.index(">")], []
                self.say("250 well")
            elif word == "RCPT":
                address = rest[rest.index("<") + 1:rest.index(">")]
                reply = world.replies.get(address, "250 well")
                if reply.startswith("250"):
                    recipients.append(address)
                self.say(reply)
            elif word == "DATA":
                self.say("354 go on")
                content = b""
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    content += line[1:] if line.startswith(b"..") else line
                if not line:
                    return  # broken off in the middle: it was not taken
                world.letters.append(Letter(sender, recipients, content))
                self.say("250 taken")
            else:
                self.say("250 well" if word in ("NOOP", "RSET") else "221 bye" if word == "QUIT" else "502 what?")
                if word == "QUIT":
                    return


class Listening(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads = True, True

    def handle_error(self, *_):
        pass  # who breaks off is no news


class MailServer:
    """As a context it is open, and closed in the end."""

    def __init__(self, user=None, pem=None):
        self.letters, self.replies, self.talks, self.user, self.port, self.server = [], {}, [], user, 0, None
        self.tls = None
        if pem:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(pem)

    def __enter__(self):
        self.open()
        return self

    def __exit__(self, *_):
        self.close()

    def open(self):
        self.server = Listening(("127.0.0.1", self.port), Talk)
        self.server.world, self.port = self, self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self):
        """Nobody is there any more: who talks is cut off."""
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            for talk in self.talks:
                try:
                    talk.shutdown(2)
                except OSError:
                    pass
            self.talks.clear()
            self.server = None

    def address(self):
        return "127.0.0.1:%d" % self.port
