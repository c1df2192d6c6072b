import { encode } from 'uqr';

/** A QR code as one path, drawn here: the content of it never leaves the page. */
export function QrCode({ content, label }: { readonly content: string; readonly label: string }) {
  const { data, size } = encode(content, { ecc: 'M', border: 4 });
  const path = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg class="qr-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <path class="qr-code-paper" d={`M0 0h${size}v${size}h-${size}z`} />
      <path class="qr-code-ink" d={path} />
    </svg>
  );
}
