/** Doorward's mark: a door that stands ajar, with the light it lets out. */
export function Mark({ size }: { readonly size: number }) {
  return (
    <svg class="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect class="mark-wall" width="32" height="32" rx="8" />
      <path class="mark-light" d="M9.5 24.5V13.5a6.5 6.5 0 0 1 13 0v11z" />
      <path class="mark-door" d="M9.5 24.5V13.5A6.5 6.5 0 0 1 13 7.75l3.5 3.5V27.5z" />
      <circle class="mark-knob" cx="14.2" cy="18.4" r="1.05" />
      <path class="mark-floor" d="M6 24.5h3.5M22.5 24.5H26" />
    </svg>
  );
}
