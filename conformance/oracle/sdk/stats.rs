//! Server statistics of the generations that count their caches.

use crate::sdk::*;
use crate::values::Show;
use json_lines::{Value, json};

impl Show for Stats {
    fn show(&self) -> Value {
        let mut caches: Vec<(&CacheMetricsKey, &CacheMetrics)> = self.cache_metrics.iter().collect();
        caches.sort_by_key(|(key, _)| (key.stream_id, key.topic_id, key.partition_id));
        let caches = caches.into_iter().map(|(key, cache)| {
            json!({
                "streamId": key.stream_id,
                "topicId": key.topic_id,
                "partitionId": key.partition_id,
                "hits": cache.hits.show(),
                "misses": cache.misses.show(),
                "hitRatio": cache.hit_ratio.show(),
            })
        });
        json!({
            "processId": self.process_id,
            "cpuUsage": self.cpu_usage.show(),
            "totalCpuUsage": self.total_cpu_usage.show(),
            "memoryUsage": self.memory_usage.show(),
            "totalMemory": self.total_memory.show(),
            "availableMemory": self.available_memory.show(),
            "runTime": self.run_time.show(),
            "startTime": self.start_time.show(),
            "readBytes": self.read_bytes.show(),
            "writtenBytes": self.written_bytes.show(),
            "messagesSizeBytes": self.messages_size_bytes.show(),
            "streamsCount": self.streams_count,
            "topicsCount": self.topics_count,
            "partitionsCount": self.partitions_count,
            "segmentsCount": self.segments_count,
            "messagesCount": self.messages_count.show(),
            "clientsCount": self.clients_count,
            "consumerGroupsCount": self.consumer_groups_count,
            "hostname": self.hostname,
            "osName": self.os_name,
            "osVersion": self.os_version,
            "kernelVersion": self.kernel_version,
            "serverVersion": self.iggy_server_version,
            "serverSemver": self.iggy_server_semver.unwrap_or(0),
            "cacheMetrics": caches.collect::<Vec<_>>(),
        })
    }
}
