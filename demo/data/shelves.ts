/**
 * The product-like parts of the Unicode emoji list. The list is ordered by kind, so a shelf is a few runs
 * `[first name, last name]` of it, less what no shop would sell.
 */
export interface Shelf {
  readonly name: string
  readonly runs: readonly (readonly [first: string, last: string])[]
  readonly without?: readonly string[]
}

export const SHELVES: readonly Shelf[] = [
  { name: 'Fruit', runs: [['grapes', 'coconut']] },
  { name: 'Vegetables', runs: [['avocado', 'root vegetable']] },
  {
    name: 'Bakery & meals',
    runs: [
      ['bread', 'dumpling'],
      ['takeout box', 'takeout box'],
    ],
  },
  {
    name: 'Sweets',
    runs: [
      ['fortune cookie', 'fortune cookie'],
      ['soft ice cream', 'honey pot'],
    ],
  },
  { name: 'Drinks', runs: [['baby bottle', 'mate']], without: ['pouring liquid'] },
  { name: 'Tableware', runs: [['chopsticks', 'amphora']] },
  {
    name: 'Flowers & plants',
    runs: [['bouquet', 'cactus']],
    without: ['white flower', 'rosette', 'wilted flower'],
  },
  { name: 'Clothing', runs: [['glasses', 'woman’s clothes']] },
  {
    name: 'Bags',
    runs: [
      ['purse', 'backpack'],
      ['luggage', 'luggage'],
      ['briefcase', 'briefcase'],
    ],
  },
  {
    name: 'Shoes',
    runs: [
      ['thong sandal', 'woman’s boot'],
      ['roller skate', 'roller skate'],
      ['ice skate', 'ice skate'],
    ],
  },
  { name: 'Hats', runs: [['crown', 'rescue worker’s helmet']] },
  {
    name: 'Jewellery & watches',
    runs: [
      ['lipstick', 'gem stone'],
      ['hourglass done', 'mantelpiece clock'],
    ],
  },
  {
    name: 'Musical instruments',
    runs: [
      ['postal horn', 'bell'],
      ['saxophone', 'harp'],
    ],
  },
  {
    name: 'Audio',
    runs: [
      ['loudspeaker', 'megaphone'],
      ['studio microphone', 'radio'],
    ],
  },
  {
    name: 'Phones & computers',
    runs: [
      ['mobile phone', 'abacus'],
      ['video game', 'joystick'],
    ],
    without: ['mobile phone with arrow', 'low battery'],
  },
  {
    name: 'Cameras & screens',
    runs: [
      ['movie camera', 'videocassette'],
      ['microscope', 'telescope'],
    ],
  },
  { name: 'Lighting', runs: [['candle', 'diya lamp']] },
  {
    name: 'Books & stationery',
    runs: [
      ['notebook with decorative cover', 'ledger'],
      ['newspaper', 'newspaper'],
      ['pencil', 'crayon'],
      ['clipboard', 'scissors'],
    ],
  },
  {
    name: 'Tools',
    runs: [
      ['old key', 'hammer and wrench'],
      ['carpentry saw', 'clamp'],
      ['hook', 'shovel'],
      ['brick', 'wood'],
    ],
  },
  {
    name: 'Home',
    runs: [
      ['door', 'shopping cart'],
      ['framed picture', 'framed picture'],
      ['bellhop bell', 'bellhop bell'],
    ],
    without: ['elevator', 'bubbles'],
  },
  {
    name: 'Cars & bikes',
    runs: [
      ['bus', 'kick scooter'],
      ['wheel', 'wheel'],
    ],
    without: ['oncoming bus', 'police car', 'oncoming police car', 'oncoming taxi', 'oncoming automobile'],
  },
  {
    name: 'Trains',
    runs: [
      ['locomotive', 'metro'],
      ['tram', 'tram car'],
    ],
  },
  {
    name: 'Boats & aircraft',
    runs: [
      ['anchor', 'small airplane'],
      ['parachute', 'helicopter'],
      ['satellite', 'flying saucer'],
    ],
  },
  {
    name: 'Sports',
    runs: [
      ['skateboard', 'skateboard'],
      ['trophy', 'trophy'],
      ['soccer ball', 'goal net'],
      ['fishing pole', 'curling stone'],
    ],
  },
  {
    name: 'Toys & games',
    runs: [
      ['bullseye', 'pool 8 ball'],
      ['game die', 'nesting dolls'],
      ['chess pawn', 'chess pawn'],
    ],
    without: ['water pistol'],
  },
  {
    name: 'Crafts & gifts',
    runs: [
      ['artist palette', 'knot'],
      ['balloon', 'balloon'],
      ['ribbon', 'wrapped gift'],
      ['wind chime', 'wind chime'],
    ],
  },
]
