// Many small texts, kept small: compressed in blocks, each to be had back by its slice. No I/O.
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Where a text is kept. */
export class Slice {
  readonly block: Block;
  readonly start: number;
  readonly end: number;

  constructor(block: Block, start: number, end: number) {
    this.block = block;
    this.start = start;
    this.end = end;
  }

  get length(): number {
    return this.end - this.start;
  }
}

interface Block {
  bytes: Uint8Array;
  /** Of the text, in bytes. */
  size: number;
  isPacked: boolean;
}

// Of 64 KB, 256 KB and 1 MB: 256 KB pack to a thirteenth at 1.3 GB/s, and one takes 0.1 ms to unpack (a plan of AWS resources).
const BLOCK_BYTES = 1 << 18;
const LEVEL = 1;
/** What is asked for at a time to write a packed block into: more than most need, and too large for memory that is shared. */
const PACKED_CHUNK = 96 * 2 ** 10;
/** Neighbours are asked for one after the other; deferred and drift changes and a second reader stand elsewhere. */
const UNPACKED_BLOCKS = 4;

export class PackedText {
  readonly #blocks: Block[] = [];
  #packs: boolean;
  readonly #recent: { readonly block: Block; readonly bytes: Uint8Array }[] = [];

  /** @param packs  false: nothing is compressed until `pack()` */
  constructor(packs: boolean) {
    this.#packs = packs;
  }

  /** Copies the bytes. */
  add(utf8: Uint8Array): Slice {
    let block = this.#blocks.at(-1);
    if (block === undefined || block.size + utf8.length > block.bytes.length) {
      const free = this.#packs && block !== undefined ? packBlock(block) : null;
      // The same bytes again: 1,000 blocks of garbage would be 256 MB before anybody collects it.
      const bytes =
        free !== null && free.length >= utf8.length && free.length <= BLOCK_BYTES
          ? free
          : new Uint8Array(Math.max(BLOCK_BYTES, utf8.length));
      block = { bytes, size: 0, isPacked: false };
      this.#blocks.push(block);
    }
    const start = block.size;
    block.bytes.set(utf8, start);
    block.size += utf8.length;
    return new Slice(block, start, block.size);
  }

  /** Compresses what is here and what will come. */
  pack(): void {
    this.#packs = true;
    // The last one still grows.
    for (const block of this.#blocks.slice(0, -1)) release(packBlock(block));
  }

  text(slice: Slice): string {
    const bytes = this.#bytesOf(slice.block);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8', slice.start, slice.end);
  }

  #bytesOf(block: Block): Uint8Array {
    if (!block.isPacked) return block.bytes;
    const known = this.#recent.find((one) => one.block === block);
    if (known !== undefined) return known.bytes;
    const bytes = zstdDecompressSync(block.bytes, { chunkSize: outputSize(block), maxOutputLength: outputSize(block) });
    this.#recent.unshift({ block, bytes });
    for (const { bytes: oldest } of this.#recent.splice(UNPACKED_BLOCKS)) release(oldest);
    return bytes;
  }
}

/** @returns the bytes that it took so far and needs no more */
function packBlock(block: Block): Uint8Array {
  const free = block.bytes;
  const packed = zstdCompressSync(block.bytes.subarray(0, block.size), {
    params: { [constants.ZSTD_c_compressionLevel]: LEVEL },
    chunkSize: PACKED_CHUNK,
  });
  // Of its own size: the buffer that it was written into is larger.
  block.bytes = new Uint8Array(packed);
  release(packed);
  block.isPacked = true;
  return free;
}

/**
 * Gives the memory back now. The collector sees of a buffer only its small object, and lets 100 MB of them lie.
 * Not of small ones: they share their memory with others.
 */
function release({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize) buffer.transfer(0);
}

/** zlib asks for 64 at least. */
const outputSize = (block: Block): number => Math.max(64, block.size);
