"""opencv-sender stands in for the original clients towards the original PySide6 windows."""

import pytest

import harness

FRAMES = 150


def shown_by(window_name, screen, folder, stop_later, send):
    """Starts a window and a sender; the numbers of all pictures that the window has shown."""
    report = folder / f"report-{send.__name__}"
    window = harness.peer(f"qt_{window_name}", folder, "--port", 0, "--report", report,
                          DISPLAY=screen.name, QT_QPA_PLATFORM="xcb")
    try:
        port = int(window.line(r"listening on 127.0.0.1:(\d+)")[1])
        sender = stop_later(send(port))
        numbers = lambda: report.read_text().split() if report.exists() else []
        # These windows may miss a picture, the last one too: nothing else tells the end.
        settled = [-1]
        def done():
            count, settled[0] = settled[0], len(numbers())
            return sender.process.poll() is not None and count == settled[0]
        harness.wait_for(done, lambda: f"end of {sender.name}:\n{sender.output}", every=0.5)
        assert sender.process.returncode == 0, sender.output
        return numbers()
    finally:
        window.stop()


@pytest.mark.parametrize("wire", ["raw", "be32", "le64"])
def test_shown_as_the_own_client(screen, tmp_path, stop_later, wire):
    size = "400x400"

    def own_client(port):
        return harness.opencv_client(tmp_path, wire, port, "--frames", FRAMES, "--fps", 30,
                                     "--size", size)

    def opencv_sender(port):
        return harness.Program(
            [harness.find_program("OKNO_SENDER_BIN", "opencv-sender"), "-i",
             f"test:{size}@30?barcode=1", "--frames", FRAMES, "--wire", wire, "-q", 95,
             "--to", f"tcp://127.0.0.1:{port}"], tmp_path, f"sender-{wire}")

    own = shown_by(wire, screen, tmp_path, stop_later, own_client)
    ours = shown_by(wire, screen, tmp_path, stop_later, opencv_sender)
    assert "None" not in ours, "a picture came out broken"
    numbers = [int(n) for n in ours]
    assert numbers == sorted(set(numbers)), "the pictures came in order, each once"
    # The originals lose pictures that arrive in two reads or two at a time, as chance has it on
    # a busy machine; beyond that there is to be no difference.
    assert len(ours) >= len(own) - FRAMES // 20, f"{len(ours)} shown, of the own client {len(own)}"
