meta:
  id: logout_user
  title: Logout user
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: Ends the login; the connection stays open and keeps its consumer groups.
doc-ref: sdk/src/users/logout_user.rs
-command:
  name: user.logout
  auth: user
seq: []
