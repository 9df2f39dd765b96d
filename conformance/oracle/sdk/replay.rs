//! A transport that answers every command with given bytes: the way to the crates' private response decoders.

use crate::sdk::*;
use async_broadcast::Receiver;
use async_trait::async_trait;
use bytes::Bytes;

#[derive(Debug)]
pub struct Replay(pub Bytes);

#[async_trait]
impl BinaryTransport for Replay {
    async fn get_state(&self) -> ClientState {
        ClientState::Authenticated
    }

    async fn set_state(&self, _: ClientState) {}

    async fn publish_event(&self, _: DiagnosticEvent) {}

    async fn send_with_response<T: Command>(&self, _: &T) -> Result<Bytes, IggyError> {
        Ok(self.0.clone())
    }

    async fn send_raw_with_response(&self, _: u32, _: Bytes) -> Result<Bytes, IggyError> {
        Ok(self.0.clone())
    }

    fn get_heartbeat_interval(&self) -> IggyDuration {
        IggyDuration::from(0)
    }
}

#[async_trait]
impl Client for Replay {
    async fn connect(&self) -> Result<(), IggyError> {
        Ok(())
    }

    async fn disconnect(&self) -> Result<(), IggyError> {
        Ok(())
    }

    async fn shutdown(&self) -> Result<(), IggyError> {
        Ok(())
    }

    async fn subscribe_events(&self) -> Receiver<DiagnosticEvent> {
        async_broadcast::broadcast(1).1
    }
}

#[async_trait]
impl BinaryClient for Replay {}
