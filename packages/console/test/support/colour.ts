import type { Locator } from 'playwright-core';

/** Which colour an element has, text or else background: `green`, `red`, `amber`, `grey`, `black`, `white` or `other`. */
export async function colourOf(locator: Locator, of: 'text' | 'background' = 'text'): Promise<string> {
  const rgb = await locator.evaluate(async (element, which) => {
    // A colour on its way to another is neither.
    await Promise.all(element.getAnimations().map(({ finished }) => finished.catch(() => null)));
    const style = getComputedStyle(element);
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    if (canvas === null) throw new Error('There is no canvas.');
    // Whatever notation the colour has, a painted pixel tells it.
    canvas.fillStyle = which === 'text' ? style.color : style.backgroundColor;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  }, of);
  return nameColour(rgb);
}

function nameColour([red = 0, green = 0, blue = 0]: readonly number[]): string {
  const most = Math.max(red, green, blue);
  const least = Math.min(red, green, blue);
  if (most - least < 24) return most < 48 ? 'black' : least > 230 ? 'white' : 'grey';
  if (green === most && green - Math.max(red, blue) > 30) return 'green';
  if (red === most && green > blue + 40 && red - green < 140) return 'amber';
  if (red === most && red - Math.max(green, blue) > 50) return 'red';
  return 'other';
}
