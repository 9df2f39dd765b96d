// The codec of an answer without a payload: what most commands that change something send back.

export const noResponse = {
  decodeResponse(): void {},
  encodeResponse(): void {},
  sizeOfResponse(): number {
    return 0;
  },
};
