/** WCAG 2.2 in numbers: colours as `#rrggbb`. */
type Channels = readonly [number, number, number];

const channelsOf = (colour: string): Channels => [
  Number.parseInt(colour.slice(1, 3), 16),
  Number.parseInt(colour.slice(3, 5), 16),
  Number.parseInt(colour.slice(5, 7), 16),
];

const hex = (channels: Channels): string =>
  `#${channels.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;

/** WCAG 2.2, "relative luminance". */
function luminance(colour: string): number {
  const [red, green, blue] = channelsOf(colour).map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as unknown as Channels;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2.2, "contrast ratio": 1 to 21. */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** `share` of the first colour in the second. */
export function mix(colour: string, into: string, share: number): string {
  const [one, other] = [channelsOf(colour), channelsOf(into)];
  const blend = (index: 0 | 1 | 2) => one[index] * share + other[index] * (1 - share);
  return hex([blend(0), blend(1), blend(2)]);
}

const STEP = 0.02;

/** The colour itself where `suits` is true of it, else the nearest on the way to black or white. */
export function moveUntil(colour: string, towards: '#000000' | '#ffffff', suits: (colour: string) => boolean): string {
  for (let share = 0; share < 1; share += STEP) {
    const moved = mix(towards, colour, share);
    if (suits(moved)) return moved;
  }
  return towards;
}
