"""A real sshd for one user, without rights: started by root it becomes "nobody".

Usage: ssh_server.py FOLDER

Serves SFTP. Prints the port of 127.0.0.1; ends with its standard input. FOLDER gets client.key, which may log in, other.key,
which may not, user, and host_key with the server's fingerprint; what can be fetched is in FOLDER/files.
"""
import os
import pathlib
import pwd
import select
import shutil
import socket
import subprocess
import sys
import time

FOLDER = pathlib.Path(sys.argv[1])


def keygen(name):
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", FOLDER / name], check=True)


def free_port():
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


def is_there(port):
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def main():
    account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    for name in ("host.key", "client.key", "other.key"):
        keygen(name)
    shutil.copy(FOLDER / "client.key.pub", FOLDER / "authorized")
    (FOLDER / "user").write_text(account.pw_name)
    shown = subprocess.run(["ssh-keygen", "-lf", FOLDER / "host.key.pub"], check=True, capture_output=True, text=True)
    (FOLDER / "host_key").write_text(shown.stdout.split()[1])
    port = free_port()
    (FOLDER / "sshd_config").write_text(f"""
ListenAddress 127.0.0.1
Port {port}
HostKey {FOLDER}/host.key
AuthorizedKeysFile {FOLDER}/authorized
StrictModes no
UsePAM yes
PasswordAuthentication no
KbdInteractiveAuthentication no
PidFile none
Subsystem sftp internal-sftp
ForceCommand internal-sftp
""")
    as_whom = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    if as_whom:
        os.chown(FOLDER / "host.key", account.pw_uid, account.pw_gid)
        os.chmod(FOLDER, 0o755)
    with open(FOLDER / "log", "wb") as log:
        server = subprocess.Popen(["/usr/sbin/sshd", "-D", "-e", "-f", FOLDER / "sshd_config"], stderr=log,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **as_whom)
        for _ in range(500):
            if is_there(port) or server.poll() is not None:
                break
            time.sleep(0.02)
    if server.poll() is not None:
        sys.exit((FOLDER / "log").read_text())
    print(port, flush=True)
    select.select([sys.stdin], [], [])
    server.terminate()
    server.wait()


if __name__ == "__main__":
    main()
