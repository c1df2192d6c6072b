import { type BrandLogo, isWordmark } from './brand.ts';
import { useLook, useMessages } from './look.ts';
import { Mark } from './mark.tsx';

/** The mark and the name of whoever people sign in with. */
export function BrandMark({ size }: { readonly size: number }) {
  const { product } = useMessages('layout');
  const { brand } = useLook();
  const logo = brand?.logo;
  if (logo === undefined)
    return (
      <>
        {brand?.name === undefined && <Mark size={size} />}
        <span class="brand-name">{product}</span>
      </>
    );
  const isAlone = isWordmark(logo.light);
  return (
    <>
      <picture>
        {logo.dark && <source srcSet={logo.dark.url} media="(prefers-color-scheme: dark)" />}
        <img class="brand-logo" src={logo.light.url} alt={isAlone ? product : ''} {...sizeOf(logo.light, size)} />
      </picture>
      {!isAlone && <span class="brand-name">{product}</span>}
    </>
  );
}

/** Room is kept for it before it has come. */
export const sizeOf = ({ width, height }: BrandLogo, size: number) => ({
  width: Math.max(1, Math.round((width * size) / height)),
  height: size,
});
