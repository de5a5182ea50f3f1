use livekit_protocol::{ParticipantPermission, TrackSource};
use serde::{Deserialize, Serialize};

use super::wire::null_is_default;

/// What a token allows, under LiveKit's names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VideoGrant {
    #[serde(skip_serializing_if = "is_not", deserialize_with = "null_is_default")]
    pub room_create: bool,
    #[serde(skip_serializing_if = "is_not", deserialize_with = "null_is_default")]
    pub room_list: bool,
    #[serde(skip_serializing_if = "is_not", deserialize_with = "null_is_default")]
    pub room_record: bool,
    #[serde(skip_serializing_if = "is_not", deserialize_with = "null_is_default")]
    pub room_admin: bool,
    #[serde(skip_serializing_if = "is_not", deserialize_with = "null_is_default")]
    pub room_join: bool,
    /// The room that `room_admin` and `room_join` are for.
    #[serde(skip_serializing_if = "String::is_empty", deserialize_with = "null_is_default")]
    pub room: String,

    #[serde(skip_serializing_if = "Option::is_none")]
    pub can_publish: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub can_subscribe: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub can_publish_data: Option<bool>,
    /// `camera`, `microphone`, `screen_share`, `screen_share_audio`; none named: all of them.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_is_default")]
    pub can_publish_sources: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub can_update_own_metadata: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub can_subscribe_metrics: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub can_manage_agent_session: Option<bool>,

    #[serde(skip_serializing_if = "is_not", deserialize_with = "null_is_default")]
    pub ingress_admin: bool,
    #[serde(skip_serializing_if = "is_not", deserialize_with = "null_is_default")]
    pub hidden: bool,
    #[serde(skip_serializing_if = "is_not", deserialize_with = "null_is_default")]
    pub recorder: bool,
    #[serde(skip_serializing_if = "is_not", deserialize_with = "null_is_default")]
    pub agent: bool,
    /// The room that participants may be forwarded to.
    #[serde(skip_serializing_if = "String::is_empty", deserialize_with = "null_is_default")]
    pub destination_room: String,
}

fn is_not(granted: &bool) -> bool {
    !granted
}

impl VideoGrant {
    pub(super) fn permission(&self) -> ParticipantPermission {
        let can_publish = self.can_publish.unwrap_or(true);
        #[allow(deprecated)] // clients still read `recorder` and `agent`
        ParticipantPermission {
            can_subscribe: self.can_subscribe.unwrap_or(true),
            can_publish,
            // Where nothing is said of data, it goes with tracks.
            can_publish_data: self.can_publish_data.unwrap_or(can_publish),
            // A word we do not know stays as `Unknown`: without it the list might be empty, and that means all sources.
            can_publish_sources: self.can_publish_sources.iter().map(|name| source(name) as i32).collect(),
            hidden: self.hidden,
            recorder: self.recorder,
            can_update_metadata: self.can_update_own_metadata.unwrap_or(false),
            agent: self.agent,
            can_subscribe_metrics: self.can_subscribe_metrics.unwrap_or(false),
            can_manage_agent_session: self.can_manage_agent_session.unwrap_or(false),
        }
    }
}

impl VideoGrant {
    /// What was changed since the token was issued: the next one says so.
    pub fn set_permission(&mut self, permission: &ParticipantPermission) {
        self.can_subscribe = Some(permission.can_subscribe);
        self.can_publish = Some(permission.can_publish);
        self.can_publish_data = Some(permission.can_publish_data);
        let word = |source: &i32| TrackSource::try_from(*source).unwrap_or(TrackSource::Unknown).as_str_name().to_ascii_lowercase();
        self.can_publish_sources = permission.can_publish_sources.iter().map(word).collect();
        self.hidden = permission.hidden;
        self.can_update_own_metadata = Some(permission.can_update_metadata);
        self.can_subscribe_metrics = Some(permission.can_subscribe_metrics);
        self.can_manage_agent_session = Some(permission.can_manage_agent_session);
    }
}

fn source(name: &str) -> TrackSource {
    TrackSource::from_str_name(&name.to_ascii_uppercase()).unwrap_or(TrackSource::Unknown)
}
