const LONGEST = 300;
const MOST_READ = 4_096;

/** The beginning of what the other side said, as text that can be stored and shown; the rest is not read. */
export async function excerptOf(answer: Response): Promise<string> {
  const reader = answer.body?.getReader();
  if (!reader) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    while (size < MOST_READ) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      size += value.byteLength;
    }
  } catch {
    // The status has come; an answer that breaks off after it changes nothing.
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  const text = Buffer.concat(chunks).subarray(0, MOST_READ).toString('utf8').slice(0, LONGEST);
  return text.replaceAll('\u0000', '').toWellFormed();
}
