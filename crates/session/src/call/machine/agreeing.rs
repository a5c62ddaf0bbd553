//! The order of the key agreement's messages.
//!
//! In: a message of the other end. Out: what to say to it, or the keys. Never anything for a
//! message that is the other role's.

use okno_wire::proto::okno::call_control::Content;
use okno_wire::proto::okno::{KeyCommitment, KeyReveal, KeyShare};

use super::super::Role;
use super::super::keys::{self, Agreement, VERSION};

/// What follows from a message.
pub(super) enum Step {
    Nothing,
    Say(Content),
    Done(Box<keys::Keys>, Option<Content>),
    Version(u32),
}

/// One message of the key agreement.
pub(super) fn agree(
    role: Role,
    agreement: &mut Agreement,
    content: &Content,
) -> Result<Step, keys::Refused> {
    Ok(match (role, content) {
        (
            _,
            Content::Commitment(KeyCommitment { version, .. })
            | Content::Share(KeyShare { version, .. }),
        ) if *version != VERSION => Step::Version(*version),
        (Role::Callee, Content::Commitment(commitment)) => {
            agreement.take_commitment(&commitment.digest)?;
            let share = agreement.share().to_vec();
            Step::Say(Content::Share(KeyShare { version: VERSION, share }))
        }
        (Role::Caller, Content::Share(share)) => {
            agreement.take_share(&share.share)?;
            match agreement.confirmation() {
                Some(confirmation) => Step::Say(Content::Reveal(KeyReveal {
                    share: agreement.share().to_vec(),
                    confirmation: confirmation.to_vec(),
                })),
                None => Step::Nothing,
            }
        }
        (Role::Callee, Content::Reveal(reveal)) => {
            agreement.take_share(&reveal.share)?;
            let ours = agreement.confirmation().ok_or(keys::Refused::Tampered)?;
            let keys = agreement.finish(&reveal.confirmation)?;
            Step::Done(Box::new(keys), Some(Content::Confirmation(ours.to_vec())))
        }
        (Role::Caller, Content::Confirmation(confirmation)) => {
            Step::Done(Box::new(agreement.finish(confirmation)?), None)
        }
        // The other one plays our part.
        _ => return Err(keys::Refused::Tampered),
    })
}
