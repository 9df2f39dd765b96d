// Cuts requests out of a byte stream, whose first bytes tell how frames begin (src/protocol/framing.ts). Knows no command.
// Memory follows the bytes received, never the length claimed.
import { u32At } from '../bytes/reader.ts';
import type { Frame, Framing } from '../protocol/protocol.ts';

/** Why the stream cannot be read on. */
export interface FrameRefusal {
  /** The frame claims to be shorter than its own head, or larger than allowed. */
  readonly kind: 'too_short' | 'too_long';
  readonly length: number;
  /** As in a frame, where its head was read; else 0 and empty. */
  readonly code: number;
  readonly head: Uint8Array;
}

/** Whether a frame was read whole. */
export function isRefusal(read: Frame | FrameRefusal): read is FrameRefusal {
  return 'kind' in read;
}

/** Bytes that tell how a frame begins. */
const beginSize = 4;

const noBytes: Uint8Array = new Uint8Array(0);

/** No frame begins with such a length. */
function misbegun(length: number): FrameRefusal {
  return { kind: 'too_short', length, code: 0, head: noBytes };
}

/** Reads frames from chunks of any size. After a refusal it gives nothing but that refusal. */
export class FrameReader {
  /** Bytes not looked at yet: `#chunks`, the first of them from `#position`. */
  readonly #chunks: Uint8Array[] = [];
  #position = 0;
  #waitingSize = 0;

  readonly #framings: readonly Framing[];
  /** Undefined until the first bytes have told. */
  #framing: Framing | undefined;
  /** A head that came in several chunks, as far as it is there. */
  readonly #gathered: Uint8Array;
  #gatheredSize = 0;
  #code = 0;
  #head = noBytes;
  /** Size of the payload that is being read; undefined between frames and inside a head. */
  #payloadSize: number | undefined;
  #gathering: Gathering | undefined;
  #refusal: FrameRefusal | undefined;

  /** `framings` are those the stream may use. */
  constructor(framings: readonly Framing[]) {
    this.#framings = framings;
    this.#gathered = new Uint8Array(Math.max(...framings.map(({ headSize }) => headSize)));
  }

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
    return this.#gatheredSize > 0 || this.#payloadSize !== undefined;
  }

  /** The next whole frame, undefined when more bytes are needed. `sizeMax` gives the largest frame allowed for a code, head included. */
  next(sizeMax: (code: number) => number): Frame | FrameRefusal | undefined {
    if (this.#refusal !== undefined) return this.#refusal;
    if (this.#payloadSize === undefined) {
      const begun = this.#readHead();
      if (begun !== true) return begun;
      const { headSize } = this.#framing!;
      const size = headSize + this.#payloadSize!;
      const read = { length: size, code: this.#code, head: this.#head };
      if (this.#payloadSize! < 0) return this.#refuse({ kind: 'too_short', ...read });
      if (size > sizeMax(this.#code)) return this.#refuse({ kind: 'too_long', ...read });
    }
    const payload = this.#readPayload(this.#payloadSize!);
    if (payload === undefined) return undefined;
    this.#payloadSize = undefined;
    return { code: this.#code, payload, head: this.#head };
  }

  /** Reads the head of a frame once all of it is there; a frame that cannot begin like that is refused without waiting for the rest. */
  #readHead(): true | FrameRefusal | undefined {
    const first = this.#chunks[0];
    const wanted = this.#framing?.headSize ?? this.#gathered.byteLength;
    if (this.#gatheredSize === 0 && first !== undefined && first.byteLength - this.#position >= wanted) {
      const at = this.#position;
      const framing = this.#framingOf(first, at);
      if (framing === undefined) return this.#refuse(misbegun(u32At(first, at)));
      this.#advance(first, at + framing.headSize);
      this.#takeHead(framing, first, at);
      return true;
    }
    if (!this.#gather(beginSize)) return undefined;
    const framing = this.#framingOf(this.#gathered, 0);
    if (framing === undefined) return this.#refuse(misbegun(u32At(this.#gathered, 0)));
    if (!this.#gather(framing.headSize)) return undefined;
    this.#gatheredSize = 0;
    this.#takeHead(framing, framing.isHeadKept ? this.#gathered.slice(0, framing.headSize) : this.#gathered, 0);
    return true;
  }

  /** Whether at least `size` bytes of the head have been gathered. */
  #gather(size: number): boolean {
    while (this.#gatheredSize < size) {
      const piece = this.#take(size - this.#gatheredSize);
      if (piece === undefined) return false;
      this.#gathered.set(piece, this.#gatheredSize);
      this.#gatheredSize += piece.byteLength;
    }
    return true;
  }

  /** The framing of the stream, which a frame that begins at `at` must fit; the first one decides it. */
  #framingOf(bytes: Uint8Array, at: number): Framing | undefined {
    this.#framing ??= this.#framings.find((framing) => framing.begins(bytes, at));
    return this.#framing?.begins(bytes, at) === true ? this.#framing : undefined;
  }

  #takeHead(framing: Framing, bytes: Uint8Array, at: number): void {
    this.#payloadSize = framing.payloadSize(bytes, at);
    this.#code = framing.code(bytes, at);
    this.#head = framing.isHeadKept ? bytes.subarray(at, at + framing.headSize) : noBytes;
  }

  #readPayload(size: number): Uint8Array | undefined {
    if (size === 0) return noBytes;
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
    this.#gatheredSize = 0;
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
  #bundle = noBytes;
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
    return this.#whole ?? noBytes;
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
    this.#bundle = noBytes;
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
