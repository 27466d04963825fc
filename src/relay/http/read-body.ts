// A request's bytes, never more than allowed: read with a counter, because a length header is only a promise.
import { err, ok, type Result } from '../../base/result.ts';

export async function readBody(request: Request, maxBytes: number): Promise<Result<Uint8Array, 'too-large' | 'broken'>> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return err('too-large');
  if (request.body === null) return ok(new Uint8Array());
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = request.body.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      bytes += read.value.byteLength;
      if (bytes > maxBytes) {
        await reader.cancel();
        return err('too-large');
      }
      chunks.push(read.value);
    }
  } catch {
    // The sender went away in the middle; there is nobody to tell more to.
    return err('broken');
  }
  return ok(Buffer.concat(chunks));
}
