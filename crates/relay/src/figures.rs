//! What the relay counts, and its text for Prometheus.
//!
//! In: counts from everywhere. Out: the text format 0.0.4. Never a code, an address or a number
//! of a call: the figures may be read by others than the callers.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// A figure that only goes up, or a level.
#[derive(Debug, Default)]
pub struct Figure(AtomicU64);

impl Figure {
    /// Adds.
    pub fn add(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }

    /// Takes away; for levels.
    pub fn sub(&self, count: u64) {
        self.0.fetch_sub(count, Ordering::Relaxed);
    }

    /// Its value.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Declares the figures once: field, type, name, labels, help.
macro_rules! figures {
    ($($field:ident $kind:literal $name:literal $labels:literal $help:literal;)*) => {
        /// All figures of a relay.
        #[derive(Debug)]
        pub struct Figures {
            started: Instant,
            $(#[doc = $help] pub $field: Figure,)*
        }

        impl Default for Figures {
            fn default() -> Self {
                Self { started: Instant::now(), $($field: Figure::default(),)* }
            }
        }

        impl Figures {
            fn rows(&self) -> Vec<(&'static str, &'static str, &'static str, &'static str, u64)> {
                vec![$(($kind, $name, $labels, $help, self.$field.get()),)*]
            }
        }
    };
}

figures! {
    connections "gauge" "okno_relay_connections" "" "Open connections, both protocols.";
    undecided "gauge" "okno_relay_undecided_connections" "" "Connections that have not said what they want.";
    calls_waiting "gauge" "okno_relay_calls" "{state=\"waiting\"}" "Calls by state.";
    calls_paired "gauge" "okno_relay_calls" "{state=\"paired\"}" "Calls by state.";
    classic_waiting "gauge" "okno_relay_classic_waiting" "" "Classic callers that wait for a partner.";
    classic_pairs "gauge" "okno_relay_classic_pairs" "" "Classic pairs, video and audio apart.";
    accepted "counter" "okno_relay_accepted_total" "" "Connections accepted.";
    calls "counter" "okno_relay_calls_started_total" "" "Calls in which both callers were there.";
    resumed "counter" "okno_relay_resumed_total" "" "Paths that were resumed.";
    lost "counter" "okno_relay_paths_lost_total" "" "Paths that were lost.";
    refused_limit "counter" "okno_relay_refused_total" "{reason=\"limit\"}" "Connections refused, by reason.";
    refused_silent "counter" "okno_relay_refused_total" "{reason=\"silent\"}" "Connections refused, by reason.";
    refused_number "counter" "okno_relay_refused_total" "{reason=\"number\"}" "Connections refused, by reason.";
    refused_input "counter" "okno_relay_refused_total" "{reason=\"input\"}" "Connections refused, by reason.";
    audio_packets "counter" "okno_relay_packets_total" "{kind=\"audio\"}" "Packets received, by kind.";
    control_packets "counter" "okno_relay_packets_total" "{kind=\"control\"}" "Packets received, by kind.";
    video_packets "counter" "okno_relay_packets_total" "{kind=\"video\"}" "Packets received, by kind.";
    bytes "counter" "okno_relay_received_bytes_total" "" "Bytes of packets received.";
    dropped_audio "counter" "okno_relay_dropped_total" "{what=\"audio packet\"}" "Dropped because a receiver was slow, by what.";
    dropped_video "counter" "okno_relay_dropped_total" "{what=\"video frame\"}" "Dropped because a receiver was slow, by what.";
    dropped_absent "counter" "okno_relay_dropped_total" "{what=\"packet, nobody there\"}" "Dropped because a receiver was slow, by what.";
    throttled "counter" "okno_relay_throttled_total" "" "Times that a caller sent more than it may and was read more slowly.";
    classic_bytes "counter" "okno_relay_classic_received_bytes_total" "" "Bytes received from classic callers.";
    classic_dropped_video "counter" "okno_relay_classic_dropped_total" "{what=\"video frame\"}" "Classic frames and chunks dropped because a receiver was slow.";
    classic_dropped_audio "counter" "okno_relay_classic_dropped_total" "{what=\"audio chunk\"}" "Classic frames and chunks dropped because a receiver was slow.";
}

impl Figures {
    /// The text that Prometheus reads.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut before = "";
        for (kind, name, labels, help, value) in self.rows() {
            // Writing into a String can't fail.
            if name != before {
                let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
            }
            let _ = writeln!(text, "{name}{labels} {value}");
            before = name;
        }
        let name = "okno_relay_uptime_seconds";
        let _ = writeln!(text, "# HELP {name} Time since the start.\n# TYPE {name} gauge");
        let _ = writeln!(text, "{name} {:.1}", self.started.elapsed().as_secs_f64());
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_declared_once_and_has_its_values() {
        let figures = Figures::default();
        figures.video_packets.add(7);
        let text = figures.text();
        assert!(text.contains("okno_relay_packets_total{kind=\"video\"} 7\n"), "{text}");
        let mut declared: Vec<&str> = text.lines().filter(|l| l.starts_with("# TYPE")).collect();
        let count = declared.len();
        declared.sort_unstable();
        declared.dedup();
        assert_eq!(declared.len(), count);
        for line in text.lines().filter(|l| !l.starts_with('#')) {
            let value = line.rsplit(' ').next().expect("a value");
            assert!(value.parse::<f64>().is_ok(), "{line}");
        }
    }
}
