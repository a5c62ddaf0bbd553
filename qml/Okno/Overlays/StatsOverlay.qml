// Figures of all streams, once a second, under one line that says what limits them.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Okno.Backend
import Okno.Controls
import Okno.Style
import Okno.Theme
import "verdict.js" as Verdict

Rectangle {
    id: overlay

    /// How many seconds the small charts show.
    readonly property int span: 10
    readonly property var now: App.statistics
    property var before: null
    property var sample: null
    /// Per stream id: frames shown in each of the last seconds.
    property var history: ({})
    /// Per stream id: bits received in the last second.
    property var bits: ({})
    property var verdict: Verdict.judge(sample, before, 1)
    property real cpu: 0

    /// The highest that it may become.
    property real room: Infinity

    signal closeRequested

    implicitWidth: Theme.panelWidth
    implicitHeight: column.implicitHeight + Theme.spaceM * 2
    radius: Theme.radiusL
    color: Theme.scrim
    border.color: Theme.outline
    border.width: Theme.hairline
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Statistics")

    onNowChanged: take()
    Component.onCompleted: take()

    function take() {
        before = sample;
        sample = now;
        if (before && sample)
            cpu = Math.max(0, sample.cpu_seconds - before.cpu_seconds);
        const next = {};
        const received = {};
        for (const stream of sample?.streams ?? []) {
            const past = Verdict.byId(before, stream.id);
            const fresh = past ? Math.max(0, stream.shown - past.shown) : 0;
            next[stream.id] = (history[stream.id] ?? []).concat([fresh]).slice(-span);
            received[stream.id] = past ? Math.max(0, stream.bytes - past.bytes) * 8 : 0;
        }
        history = next;
        bits = received;
    }

    function words(verdict: var): string {
        switch (verdict.kind) {
        case "none":
            return qsTr("No streams");
        case "stalled":
            return qsTr("%1 has stopped sending").arg(verdict.name);
        case "invalid":
            return qsTr("Broken frames from %1").arg(verdict.name);
        case "drops":
            return qsTr("Limited by this machine: %1 % of %2 dropped").arg((verdict.value * 100).toFixed(0)).arg(verdict.name);
        case "cpu":
            return qsTr("Limited by the processor: %1 is %2 ms late").arg(verdict.name).arg(Math.round(verdict.value));
        case "latency":
            return qsTr("Limited by the way here: %1 is %2 ms late").arg(verdict.name).arg(Math.round(verdict.value));
        default:
            return qsTr("All is well: %n live", "", verdict.value);
        }
    }

    function format(stream: var): string {
        return stream.width > 0 ? qsTr("%1, %2 \u00d7 %3").arg(stream.format).arg(stream.width).arg(stream.height) : stream.format ?? "";
    }
    function rate(stream: var): string {
        return stream.shared_memory ? qsTr("none: in memory, uncompressed") : qsTr("%1 Mbit/s").arg(((bits[stream.id] ?? 0) / 1e6).toFixed(1));
    }
    function passed(stream: var): string {
        return qsTr("%1 / %2 / %3").arg(stream.received).arg(stream.decoded).arg(stream.shown);
    }
    function lost(stream: var): string {
        return qsTr("%1 / %2").arg(stream.dropped).arg(stream.invalid);
    }
    /// Of this program.
    function machine(): string {
        return qsTr("CPU %1 % of a core, memory %2 MB, renderer %3").arg((cpu * 100).toFixed(0))
            .arg(((sample?.rss_bytes ?? 0) / 1048576).toFixed(0)).arg(App.renderer);
    }

    /// Everything that is shown, for people.
    function asText(): string {
        const row = (caption, text) => "  " + qsTr("%1: %2", "what is counted: its value").arg(caption).arg(text);
        const streams = (sample?.streams ?? []).map(stream => [stream.name, row(captions.format, format(stream)),
            row(captions.rate, rate(stream)), row(captions.passed, passed(stream)), row(captions.lost, lost(stream)),
            row(captions.latency, latency(stream)), "  " + stages(stream)].join("\n"));
        return [words(verdict)].concat(streams, [machine()]).join("\n") + "\n";
    }
    readonly property var captions: ({
            "format": qsTr("Format"),
            "rate": qsTr("Bitrate"),
            "passed": qsTr("Received / decoded / shown"),
            "lost": qsTr("Dropped / invalid"),
            "latency": qsTr("Latency p50 / p95 / max")
        })

    function latency(stream: var): string {
        return stream.latency_ms ? qsTr("%1 / %2 / %3 ms").arg(stream.latency_ms.p50.toFixed(0))
            .arg(stream.latency_ms.p95.toFixed(0)).arg(stream.latency_ms.max.toFixed(0)) : qsTr("unknown");
    }

    /// Mean times of the stages that are known, in the order of a frame's way, and their sum.
    function stages(stream: var): string {
        const known = stageNames.filter(stage => stream.stages_ms?.[stage.key]);
        const mean = stage => stream.stages_ms[stage.key].mean;
        const parts = known.map(stage => qsTr("%1 %2", "stage, milliseconds").arg(stage.text).arg(mean(stage).toFixed(1)));
        const sum = known.reduce((total, stage) => total + mean(stage), 0);
        return parts.concat([qsTr("sum %1 ms").arg(sum.toFixed(1))]).join(" \u00b7 ");
    }
    readonly property var stageNames: [
        {"key": "capture", "text": qsTr("capture")},
        {"key": "encode", "text": qsTr("encode")},
        {"key": "network", "text": qsTr("network")},
        {"key": "queue", "text": qsTr("queue")},
        {"key": "decode", "text": qsTr("decode")},
        {"key": "present", "text": qsTr("present")}
    ]

    component Figure: Text {
        color: Theme.text
        textFormat: Text.PlainText
        font.family: Theme.monoFamily
        font.pixelSize: Theme.fontS
    }
    component Caption: Text {
        color: Theme.textMuted
        font.family: Theme.fontFamily
        font.pixelSize: Theme.fontS
    }

    ColumnLayout {
        id: column

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.margins: Theme.spaceM
        spacing: Theme.spaceS

        RowLayout {
            id: head

            Layout.fillWidth: true

            StatusShape {
                status: overlay.verdict.kind === "fine" ? "live" : overlay.verdict.kind === "none" ? "quiet"
                    : overlay.verdict.kind === "stalled" || overlay.verdict.kind === "invalid" ? "stalled" : "slow"
            }
            Text {
                Layout.fillWidth: true
                text: overlay.words(overlay.verdict)
                textFormat: Text.PlainText
                wrapMode: Text.Wrap
                color: Theme.text
                font.family: Theme.fontFamily
                font.pixelSize: Theme.fontM
                font.weight: Font.DemiBold
                Accessible.role: Accessible.StaticText
                Accessible.name: text
            }
            IconButton {
                glyph: "copy"
                accessibleName: qsTr("Copy as text")
                onClicked: FrameServer.copyText(overlay.asText())
            }
            IconButton {
                glyph: ""
                text: "{ }"
                accessibleName: qsTr("Copy as JSON")
                onClicked: FrameServer.copyText(JSON.stringify(overlay.sample, null, 2))
            }
            IconButton {
                glyph: "x"
                accessibleName: qsTr("Close statistics")
                onClicked: overlay.closeRequested()
            }
        }

        ListView {
            id: list

            Layout.fillWidth: true
            implicitHeight: Math.max(Theme.rowHeight, Math.min(contentHeight, Theme.sheetHeight / 2,
                overlay.room - head.implicitHeight - foot.implicitHeight - (Theme.spaceM + column.spacing) * 2))
            clip: true
            spacing: Theme.spaceM
            boundsBehavior: Flickable.StopAtBounds
            model: overlay.sample?.streams.length ?? 0
            ScrollBar.vertical: ScrollBar {}

            delegate: GridLayout {
                id: card

                required property int index

                readonly property var stream: overlay.sample?.streams[index] ?? ({})

                width: list.width - Theme.spaceM
                columns: 2
                columnSpacing: Theme.spaceM
                rowSpacing: Theme.spaceXs

                Figure {
                    Layout.fillWidth: true
                    text: card.stream.name ?? ""
                    elide: Text.ElideRight
                    font.family: Theme.fontFamily
                    font.weight: Font.DemiBold
                }
                Sparkline {
                    Layout.preferredWidth: Theme.fieldWidth / 2
                    values: overlay.history[card.stream.id] ?? []
                }
                Caption {
                    text: overlay.captions.format
                }
                Figure {
                    text: overlay.format(card.stream)
                }
                Caption {
                    text: overlay.captions.rate
                }
                Figure {
                    text: overlay.rate(card.stream)
                }
                Caption {
                    text: overlay.captions.passed
                }
                Figure {
                    text: overlay.passed(card.stream)
                }
                Caption {
                    text: overlay.captions.lost
                }
                Figure {
                    text: overlay.lost(card.stream)
                }
                Caption {
                    text: overlay.captions.latency
                }
                Figure {
                    text: overlay.latency(card.stream)
                }
                Figure {
                    Layout.fillWidth: true
                    Layout.columnSpan: 2
                    color: Theme.textMuted
                    wrapMode: Text.Wrap
                    text: overlay.stages(card.stream)
                    Accessible.role: Accessible.StaticText
                    Accessible.name: text
                }
            }
        }

        Figure {
            id: foot

            Layout.fillWidth: true
            color: Theme.textMuted
            text: overlay.machine()
            wrapMode: Text.Wrap
        }
    }
}
