meta:
  id: item
  title: Item, generation 2
  encoding: UTF-8
  endian: le
doc: A record of variable size.
seq:
  - id: item_id
    -orig-id: id
    type: u4
    -type: id
  - id: len_name
    type: u1
  - id: name
    type: str
    size: len_name
  - id: weight
    type: u4
    -default: 1
