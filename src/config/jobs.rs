use super::settings;

settings! {
    /// 任务队列:剪切与转码。
    /// The queue of jobs: cuts and transcodes.
    pub struct Jobs {
        /// 同时进行的任务数。
        /// Jobs that run at the same time.
        parallel: u32 = 1, 1..=64;

        /// 节目播出时,最多同时跟着录像转码几个(每个只做一档清晰度,节目一结束就能看);0 为关闭。
        /// Programmes that are encoded while they are on, one rung each, so that they can be watched when they end; 0 switches it off.
        /// Programmes whose pictures browsers play as they are need none of it.
        follow: u32 = 1, 0..=64;

        /// 一个任务失败后最多尝试几次。
        /// How often a failing job is tried.
        attempts: u32 = 3, 1..=20;

        /// 任务进程的 nice 值;越大越让着直播与录制。
        /// Nice value of a job's process: the higher, the more it yields to live work.
        nice: i32 = 15, 0..=19;
    }
}
