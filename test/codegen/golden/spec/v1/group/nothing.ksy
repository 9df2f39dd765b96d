meta:
  id: nothing
  title: Nothing
  endian: le
doc: A command without request and response.
-command:
  name: group.nothing
  auth: none
seq: []
