/** Text to copy, line by line as it is. It may scroll sideways, so it can be reached by keyboard (WCAG 2.1.1). */
export function CodeBlock({ label, code }: { readonly label: string; readonly code: string }) {
  return (
    // biome-ignore lint/a11y: a group by role, since a fieldset holds no preformatted text; focusable as said above
    <pre class="command" tabIndex={0} role="group" aria-label={label}>
      <code>{code}</code>
    </pre>
  );
}
