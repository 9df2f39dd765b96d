// Cuts requests out of a byte stream: `length u32 | code u32 | payload`, little-endian, length = 4 + payload. Knows no command.
// Memory follows the bytes received, never the length claimed.
import { RequestHeaderView } from '../../generated/common/request_header.ts';

/** One whole request. Nobody else touches the payload's memory afterwards. */
export interface Frame {
  readonly kind: 'frame';
  readonly code: number;
  readonly payload: Uint8Array;
}

/** Why the stream cannot be read on. */
export type FrameRefusal =
  /** The length does not even cover the code. */
  | { readonly kind: 'too_short'; readonly length: number }
  /** The frame is larger than allowed. */
  | { readonly kind: 'too_long'; readonly length: number; readonly code: number; readonly sizeMax: number };

/** The bytes before the payload. */
const frameHeadSize = RequestHeaderView.headerSize;
const { lengthAt, codeAt } = RequestHeaderView;
/** The part of the head that `length` counts. */
const codeSize = frameHeadSize - codeAt;

const noPayload = new Uint8Array(0);

/** Reads frames from chunks of any size. After a refusal it gives nothing but that refusal. */
export class FrameReader {
  /** Bytes not looked at yet: `#chunks`, the first of them from `#position`. */
  readonly #chunks: Uint8Array[] = [];
  #position = 0;
  #waitingSize = 0;

  readonly #head = new Uint8Array(frameHeadSize);
  #headSize = 0;
  #code = 0;
  /** Size of the payload that is being read; undefined between frames and inside a head. */
  #payloadSize: number | undefined;
  #gathering: Gathering | undefined;
  #refusal: FrameRefusal | undefined;

  /** Adds bytes of the stream; they belong to the reader from here on. */
  push(chunk: Uint8Array): void {
    if (chunk.byteLength === 0 || this.#refusal !== undefined) return;
    this.#chunks.push(chunk);
    this.#waitingSize += chunk.byteLength;
  }

  /** Bytes pushed and not looked at yet. Those of a frame begun by `next` are not among them. */
  get waitingSize(): number {
    return this.#waitingSize;
  }

  /** Chunks that hold those bytes; a flood of tiny ones costs more than its bytes. */
  get waitingChunks(): number {
    return this.#chunks.length;
  }

  /** Whether `next` has begun a frame that it could not finish. */
  get isMidFrame(): boolean {
    return this.#headSize > 0 || this.#payloadSize !== undefined;
  }

  /** The next whole frame, undefined when more bytes are needed. `sizeMax` gives the largest frame allowed for a code, head included. */
  next(sizeMax: (code: number) => number): Frame | FrameRefusal | undefined {
    if (this.#refusal !== undefined) return this.#refusal;
    if (this.#payloadSize === undefined) {
      const length = this.#readHead();
      if (length === undefined) return undefined;
      if (length < codeSize) return this.#refuse({ kind: 'too_short', length });
      const allowed = sizeMax(this.#code);
      const payloadSize = length - codeSize;
      if (frameHeadSize + payloadSize > allowed) {
        return this.#refuse({ kind: 'too_long', length, code: this.#code, sizeMax: allowed });
      }
      this.#payloadSize = payloadSize;
    }
    const payload = this.#readPayload(this.#payloadSize);
    if (payload === undefined) return undefined;
    this.#payloadSize = undefined;
    return { kind: 'frame', code: this.#code, payload };
  }

  /** The length field, once it and the code are there; a length too short is told without waiting for the code. */
  #readHead(): number | undefined {
    const head = this.#head;
    const first = this.#chunks[0];
    if (this.#headSize === 0 && first !== undefined && first.byteLength - this.#position >= frameHeadSize) {
      const at = this.#position;
      this.#advance(first, at + frameHeadSize);
      this.#code = readU32(first, at + codeAt);
      return readU32(first, at + lengthAt);
    }
    while (this.#headSize < frameHeadSize) {
      const piece = this.#take(frameHeadSize - this.#headSize);
      if (piece === undefined) break;
      head.set(piece, this.#headSize);
      this.#headSize += piece.byteLength;
    }
    if (this.#headSize < codeAt) return undefined;
    const length = readU32(head, lengthAt);
    if (this.#headSize < frameHeadSize) return length < codeSize ? length : undefined;
    this.#headSize = 0;
    this.#code = readU32(head, codeAt);
    return length;
  }

  #readPayload(size: number): Uint8Array | undefined {
    if (size === 0) return noPayload;
    if (this.#gathering === undefined) {
      const first = this.#chunks[0];
      if (first === undefined) return undefined;
      if (first.byteLength - this.#position >= size) return this.#take(size);
      this.#gathering = new Gathering(size);
    }
    const gathering = this.#gathering;
    while (gathering.missing > 0) {
      const piece = this.#take(gathering.missing);
      if (piece === undefined) return undefined;
      gathering.add(piece);
    }
    this.#gathering = undefined;
    return gathering.whole();
  }

  /** At most `size` bytes of the first chunk, without copying. */
  #take(size: number): Uint8Array | undefined {
    const chunk = this.#chunks[0];
    if (chunk === undefined) return undefined;
    const start = this.#position;
    const end = Math.min(start + size, chunk.byteLength);
    this.#advance(chunk, end);
    return chunk.subarray(start, end);
  }

  /** Moves on to `position` in the first chunk. */
  #advance(chunk: Uint8Array, position: number): void {
    this.#waitingSize -= position - this.#position;
    this.#position = position;
    if (position === chunk.byteLength) {
      this.#chunks.shift();
      this.#position = 0;
    }
  }

  #refuse(refusal: FrameRefusal): FrameRefusal {
    this.#refusal = refusal;
    this.#chunks.length = 0;
    this.#position = 0;
    this.#waitingSize = 0;
    this.#headSize = 0;
    return refusal;
  }
}

/** Pieces below this are copied together; a larger one is worth keeping with the chunk it is part of. */
const keptPieceMin = 4096;
const bundleSizeMin = 64;
const bundleSizeMax = 65_536;

/**
 * One payload that came in several chunks. Pieces are kept as they are until half of the payload is there; only then is its exact
 * size allocated, so a claimed length never costs more than twice what was received, and each byte of a large piece is copied once.
 */
class Gathering {
  readonly #size: number;
  #received = 0;
  #pieces: Uint8Array[] = [];
  /** Small pieces are copied in here, up to `#bundleUsed`. */
  #bundle = noPayload;
  #bundleUsed = 0;
  #whole: Uint8Array | undefined;

  constructor(size: number) {
    this.#size = size;
  }

  get missing(): number {
    return this.#size - this.#received;
  }

  add(piece: Uint8Array): void {
    const start = this.#received;
    this.#received += piece.byteLength;
    if (this.#whole === undefined && this.#received * 2 >= this.#size) this.#whole = this.#allocate();
    if (this.#whole !== undefined) this.#whole.set(piece, start);
    else this.#keep(piece);
  }

  whole(): Uint8Array {
    return this.#whole ?? noPayload;
  }

  #keep(piece: Uint8Array): void {
    if (piece.byteLength >= keptPieceMin) {
      this.#closeBundle();
      this.#pieces.push(piece);
      return;
    }
    if (this.#bundleUsed + piece.byteLength > this.#bundle.byteLength) {
      this.#closeBundle();
      const wanted = Math.max(bundleSizeMin, piece.byteLength, Math.min(this.#received, bundleSizeMax));
      this.#bundle = Buffer.allocUnsafeSlow(Math.min(wanted, this.#size));
    }
    this.#bundle.set(piece, this.#bundleUsed);
    this.#bundleUsed += piece.byteLength;
  }

  #closeBundle(): void {
    if (this.#bundleUsed > 0) this.#pieces.push(this.#bundle.subarray(0, this.#bundleUsed));
    this.#bundle = noPayload;
    this.#bundleUsed = 0;
  }

  /** Every byte of it is written before the frame is handed out, so it need not be zeroed. */
  #allocate(): Uint8Array {
    this.#closeBundle();
    const whole = Buffer.allocUnsafeSlow(this.#size);
    let position = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, position);
      position += piece.byteLength;
    }
    this.#pieces = [];
    return whole;
  }
}

function readU32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
