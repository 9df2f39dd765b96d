meta:
  id: errors
doc: Status codes of the test protocol.
enums:
  status_code:
    1:
      id: error
      doc: Something went wrong.
    5: feature_unavailable
    7:
      id: bad_count
      doc: The count is out of range.
      -http: 422
