/** Standard alphabet, padding optional, nothing else: undefined for any other text. */
export function decodeBase64(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '') ? bytes : undefined;
}

/** passlib's "adapted base64": `.` in place of `+`, no padding. Takes plain base64 as well. */
export function decodeAdaptedBase64(text: string): Buffer | undefined {
  return decodeBase64(text.replaceAll('.', '+'));
}
