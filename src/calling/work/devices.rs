//! Camera, microphone and speaker of a call: opened for the check before it, let go of after it.
//!
//! In: choices. Out: the engine and the camera, in their places. Part of [`super::Work`].

use std::sync::Arc;

use okno_audio::{Config, Engine, Format, Switches};

use super::super::camera::Camera;
use super::super::view::DeviceState;
use super::{NONE, Work};

impl Work {
    pub(super) fn start_devices(&mut self) {
        if self.link.with_engine(|_| ()).is_none() {
            self.start_engine(Format::Opus);
        }
        if self.preview.is_none() {
            self.preview = self.open_hidden("call: this camera");
            self.start_camera();
        }
    }

    pub(super) fn stop_devices(&mut self) {
        self.camera = None;
        if let Some(preview) = self.preview.take() {
            self.close_hidden(&preview);
        }
        self.view.self_stream = -1;
        drop(self.link.set_engine(None));
        let d = &mut self.devices;
        for kind in [&mut d.camera, &mut d.microphone, &mut d.speaker] {
            kind.state = DeviceState::Unknown;
        }
        d.echo_test = 0;
    }

    pub(super) fn start_engine(&self, format: Format) {
        drop(self.link.set_engine(None));
        let switches = if self.given.raw_sound { Switches::OFF } else { Switches::default() };
        let config = Config {
            microphone: self.devices.microphone.chosen.parse().unwrap_or_default(),
            speaker: self.devices.speaker.chosen.parse().unwrap_or_default(),
            switches,
            format,
            muted: self.view.muted,
            sending: false,
            ..Config::default()
        };
        let link = Arc::clone(&self.link);
        match Engine::start(config, move |packet| link.send_audio(&packet)) {
            Ok(engine) => drop(self.link.set_engine(Some(engine))),
            Err(error) => log::error!("no sound: {error}"),
        }
    }

    pub(super) fn start_camera(&mut self) {
        self.camera = None;
        let source = self.camera_source();
        self.view.self_stream = -1;
        if !self.view.camera_on {
            self.devices.camera.state = DeviceState::Off;
            return;
        }
        let Some(preview) = self.preview.clone() else { return };
        let Some(source) = source else {
            self.devices.camera.state = DeviceState::Absent;
            return;
        };
        match Camera::start(&source, preview, Arc::clone(&self.link)) {
            Ok(camera) => self.camera = Some(camera),
            Err(error) => {
                log::error!("no camera: {error}");
                self.devices.camera.state = DeviceState::Absent;
            }
        }
    }

    /// What `opencv-sender --input` is given; `None` for no camera.
    pub(super) fn camera_source(&self) -> Option<String> {
        match self.devices.camera.chosen.as_str() {
            NONE => None,
            // The first one of the system; the first of all until the list is there.
            "" => {
                Some(self.devices.camera.choices.first().map_or("0", |c| c.id.as_str()).to_owned())
            }
            source => Some(source.to_owned()),
        }
    }

    pub(super) fn sends_pictures(&self) -> bool {
        self.view.camera_on && self.devices.camera.state == DeviceState::Working
    }

    /// Off means off: the camera is let go of, and its light goes out.
    pub(super) fn set_camera_on(&mut self, on: bool) {
        if self.view.camera_on == on {
            return;
        }
        self.view.camera_on = on;
        if self.preview.is_some() {
            if on {
                self.devices.camera.state = DeviceState::Unknown;
                self.start_camera();
            } else {
                self.tell_camera(false);
                self.view.self_stream = -1;
                self.devices.camera.state = DeviceState::Off;
                self.show_now();
                self.camera = None;
            }
        }
    }

    pub(super) fn tell_camera(&self, on: bool) {
        self.link.set_camera_on(on);
        self.link.with_caller(|caller| caller.set_camera_on(on));
    }

    pub(super) fn apply_muted(&self) {
        let muted = self.view.muted && !self.view.talking;
        self.link.with_engine(|engine| engine.set_muted(muted));
        self.link.with_caller(|caller| caller.set_muted(muted));
    }
}
