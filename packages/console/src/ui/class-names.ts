/**
 * Class names in one string. A later one does not replace an earlier one that it contradicts: the style sheet's order
 * decides. What must win is marked with `!` (`w-auto!`).
 */
export { clsx as cn } from 'clsx';
