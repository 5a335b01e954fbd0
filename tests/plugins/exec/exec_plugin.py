"""A plugin in another language: the wire contract is all it shares with the hub.

Started by brobygger-plugin-host as: /usr/bin/python3 exec_plugin.py --socket PATH,
with descriptor 3 as lifeline and 4 as handshake (core/host/README.md).
"""
import concurrent.futures
import json
import os
import signal
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "gen"))
sys.dont_write_bytecode = True

import grpc  # noqa: E402
from brobygger.plugin.v1 import (diagnostic_pb2, plugin_service_pb2, plugin_service_pb2_grpc,  # noqa: E402
                                 read_pb2, record_pb2, schema_pb2)

LIFELINE, HANDSHAKE = 3, 4
NAME, VERSION = "test.exec", "0.1.0"


def trouble(context, kind, code, da, en):
    """Ends the call with a status, and the Diagnostic that explains it."""
    diagnostic = diagnostic_pb2.Diagnostic(code=code, text={"da": da, "en": en})
    setattr(diagnostic, "class", kind)
    context.set_trailing_metadata((("brobygger-diagnostic-bin", diagnostic.SerializeToString()),))
    context.abort(grpc.StatusCode.FAILED_PRECONDITION, code)


def attempt(action):
    """What became of something the jail must refuse."""
    try:
        action()
        return "ALLOWED"
    except OSError as error:
        return os.strerror(error.errno)


class Plugin(plugin_service_pb2_grpc.PluginServiceServicer):
    def __init__(self):
        self.names = []
        self.stopped = threading.Event()

    def Handshake(self, request, context):
        return plugin_service_pb2.HandshakeResponse(name=NAME, version=VERSION, epoch=request.epoch)

    def Spec(self, request, context):
        return plugin_service_pb2.SpecResponse(config_json_schema='{"type": "object"}')

    def Configure(self, request, context):
        self.names = json.loads(request.config_json)["names"]
        return plugin_service_pb2.ConfigureResponse(scope_hash=str(len(self.names)))

    def Check(self, request, context):
        """Tells what its jail lets it do."""
        response = plugin_service_pb2.CheckResponse(epoch=request.epoch)
        response.visible_records["associations"] = len(self.names)
        for what, action in (("shadow", lambda: open("/etc/shadow").close()),
                             ("exec", lambda: os.execv("/bin/true", ["true"])),
                             ("fork", os.fork),
                             ("signal", lambda: os.kill(os.getppid(), 0))):
            diagnostic = response.diagnostics.add(code=what, detail=attempt(action))
            diagnostic.severity = diagnostic_pb2.Diagnostic.SEVERITY_INFO
        return response

    def Discover(self, request, context):
        stream = schema_pb2.StreamSchema(name="associations", abilities=schema_pb2.Abilities(snapshot=True))
        return plugin_service_pb2.DiscoverResponse(streams=[stream], epoch=request.epoch)

    def Read(self, request, context):
        if request.stream != "associations":
            trouble(context, diagnostic_pb2.Diagnostic.CLASS_CONFIG, "test.exec.stream",
                    "Der er kun strømmen 'associations'.", "There is only the stream 'associations'.")
        records = [record_pb2.Record(external_id=str(number), fields={"name": record_pb2.Value(text=name)})
                   for number, name in enumerate(self.names, 1)]
        yield read_pb2.ReadResponse(batch=read_pb2.RecordBatch(records=records), epoch=request.epoch)
        yield read_pb2.ReadResponse(checkpoint=read_pb2.Checkpoint(cursor=b"all", cursor_version=1),
                                    epoch=request.epoch)
        end = read_pb2.SnapshotEnd(record_count=len(records), complete=True)
        yield read_pb2.ReadResponse(snapshot_end=end, epoch=request.epoch)

    def Events(self, request, context):
        """Has nothing to tell, until the call or the process ends."""
        over = threading.Event()
        context.add_callback(over.set)
        while not over.wait(0.1) and not self.stopped.is_set():
            pass
        return iter(())

    def Stop(self, request, context):
        self.stopped.set()
        return plugin_service_pb2.StopResponse()


def follow_lifeline():
    """Ends with the hub: nothing is ever written to the pipe, so it reads as its end."""
    os.read(LIFELINE, 1)
    os.kill(os.getpid(), signal.SIGKILL)


def main():
    socket = sys.argv[sys.argv.index("--socket") + 1]
    threading.Thread(target=follow_lifeline, daemon=True).start()
    plugin = Plugin()
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(max_workers=4))
    plugin_service_pb2_grpc.add_PluginServiceServicer_to_server(plugin, server)
    server.add_insecure_port("unix:" + socket)
    server.start()
    os.write(HANDSHAKE, f"OK|1|0|unix:{socket}|{NAME}|{VERSION}\n".encode())
    os.close(HANDSHAKE)
    plugin.stopped.wait()
    server.stop(grace=2).wait()


main()
