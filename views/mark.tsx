/** Doorward's mark: a door that stands ajar, with the light it lets out. */
export function Mark({ size = 32 }: { readonly size?: number }) {
  return (
    <svg class="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect class="mark-wall" width="32" height="32" rx="8" />
      <path class="mark-light" d="M10 25V13a6 6 0 0 1 12 0v12z" />
      <path class="mark-door" d="M10 25V13a6 6 0 0 1 6-6l3 2.6V27z" />
      <circle class="mark-knob" cx="16.4" cy="18" r="1.25" />
      <path class="mark-floor" d="M6.5 25h19" />
    </svg>
  );
}
