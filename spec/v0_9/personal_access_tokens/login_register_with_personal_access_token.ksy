meta:
  id: login_register_with_personal_access_token
  title: Login and register with a personal access token
  license: Apache-2.0
  ks-version: '0.11'
  encoding: UTF-8
  endian: le
doc: Logs the connection in as the owner of the token and begins a session.
doc-ref: core/binary_protocol/src/requests/users/login_register_with_pat.rs
-command:
  name: personal_access_token.login_register
  auth: none
seq:
  - id: protocol_version
    doc: Major * 2^20 + minor * 2^10 + patch of the protocol; 11264 is 0.11.0.
    type: u4
  - id: len_sdk_name
    type: u1
  - id: sdk_name
    type: str
    size: len_sdk_name
  - id: len_sdk_version
    type: u1
  - id: sdk_version
    type: str
    size: len_sdk_version
  - id: len_token
    type: u1
  - id: token
    type: str
    size: len_token
  - id: len_context
    type: u4
  - id: context
    doc: Free text of the client; may be empty.
    type: str
    size: len_context
types:
  response:
    doc: Who is logged in now, and what the server speaks.
    seq:
      - id: user_id
        type: u4
        -type: id
      - id: session
        doc: Above 0; grows with every login. Requests carry it in their headers.
        type: u8
        -type: number
      - id: protocol_version
        -orig-id: server_protocol_version
        type: u4
      - id: len_server_version
        type: u1
      - id: server_version
        doc: Release of the server; never empty.
        type: str
        size: len_server_version
