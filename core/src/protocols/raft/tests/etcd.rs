//! etcd's interaction tests (`testdata` of etcd-io/raft), rebuilt as scenario texts: each says at
//! its head which file it rebuilds, and what is different here.

use super::stories::{play, violated};

const TEXTS: &[&str] = &[
    include_str!("etcd/async_storage_writes.hb"),
    include_str!("etcd/async_storage_writes_append_aba_race.hb"),
    include_str!("etcd/campaign.hb"),
    include_str!("etcd/campaign_learner_must_vote.hb"),
    include_str!("etcd/campaign_now_lease.hb"),
    include_str!("etcd/checkquorum.hb"),
    include_str!("etcd/confchange_v1_add_single.hb"),
    include_str!("etcd/confchange_v1_remove_leader.hb"),
    include_str!("etcd/confchange_v2_add_double_auto.hb"),
    include_str!("etcd/confchange_v2_replace_leader.hb"),
    include_str!("etcd/heartbeat_resp_recovers_from_probing.hb"),
    include_str!("etcd/lagging_commit.hb"),
    include_str!("etcd/prevote.hb"),
    include_str!("etcd/prevote_checkquorum.hb"),
    include_str!("etcd/probe_and_replicate.hb"),
    include_str!("etcd/replicate_pause.hb"),
    include_str!("etcd/single_node.hb"),
    include_str!("etcd/slow_follower_after_compaction.hb"),
    include_str!("etcd/snapshot_succeed_via_app_resp.hb"),
];

#[test]
fn what_etcd_shows_step_by_step() {
    for text in TEXTS {
        assert!(text.starts_with("# Rebuilds etcd-io/raft testdata/"), "{text}");
        assert!(text.contains("\nexpect "), "{text}");
        let run = play(text);
        assert_eq!(violated(&run), [""; 0], "{text}");
    }
}
