meta:
  id: item_list
  title: List items
  imports:
    - /v2/group/item
  endian: le
doc: A command that only the second generation has.
-command:
  name: group.list
  auth: user
seq: []
types:
  response:
    seq:
      - id: items
        type: item
        repeat: eos
