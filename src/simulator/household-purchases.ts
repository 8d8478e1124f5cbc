import { categoryOf } from './category.ts'
import type { Habit } from './household-habits.ts'

const of = (primary: string, detail: string) => categoryOf(primary, detail, 'VERY_HIGH')

const groceries = of('FOOD_AND_DRINK', 'GROCERIES')
const restaurant = of('FOOD_AND_DRINK', 'RESTAURANT')
const coffee = of('FOOD_AND_DRINK', 'COFFEE')
const fastFood = of('FOOD_AND_DRINK', 'FAST_FOOD')
const fuel = of('TRANSPORTATION', 'GAS')
const parking = of('TRANSPORTATION', 'PARKING')
const transit = of('TRANSPORTATION', 'PUBLIC_TRANSIT')
const rides = of('TRANSPORTATION', 'TAXIS_AND_RIDE_SHARES')
const flights = of('TRAVEL', 'FLIGHTS')
const lodging = of('TRAVEL', 'LODGING')
const books = of('GENERAL_MERCHANDISE', 'BOOKSTORES_AND_NEWSSTANDS')
const clothing = of('GENERAL_MERCHANDISE', 'CLOTHING_AND_ACCESSORIES')
const gifts = of('GENERAL_MERCHANDISE', 'GIFTS_AND_NOVELTIES')
const marketplace = of('GENERAL_MERCHANDISE', 'ONLINE_MARKETPLACES')
const pets = of('GENERAL_MERCHANDISE', 'PET_SUPPLIES')
const superstore = of('GENERAL_MERCHANDISE', 'SUPERSTORES')
const hardware = of('HOME_IMPROVEMENT', 'HARDWARE')
const pharmacy = of('MEDICAL', 'PHARMACIES_AND_SUPPLEMENTS')
const hair = of('PERSONAL_CARE', 'HAIR_AND_BEAUTY')
const car = of('GENERAL_SERVICES', 'AUTOMOTIVE')
const cash = of('TRANSFER_OUT', 'WITHDRAWAL')
const cashFee = of('BANK_FEES', 'ATM_FEES')

/** What the family buys by card. */
export const habits: readonly Habit[] = [
  habit('card', 'GREEN BASKET MARKET #214', 'Green Basket Market', groceries, [7, 9], [31.2, 168.9]),
  habit('card', "FARMER JO'S ELMWOOD", "Farmer Jo's", groceries, [4, 5], [12.4, 64.3]),
  tipped(habit('card', 'TST* LITTLE LANTERN', 'Little Lantern', restaurant, [3, 4], [38.5, 112])),
  habit('card', 'PIZZERIA NORD', 'Pizzeria Nord', fastFood, [2, 3], [19.9, 46.8]),
  habit('card', 'STARBUCKS STORE 00482', 'Starbucks', coffee, [6, 9], [4.25, 13.9]),
  habit('card', 'AMAZON.COM*MKTPLACE', 'Amazon', marketplace, [5, 7], [8.99, 129.95]),
  habit('card', 'SUPERBOX STORE 1187', 'SuperBox', superstore, [2, 3], [22.3, 143.6]),
  habit('card', 'ELMWOOD PHARMACY', 'Elmwood Pharmacy', pharmacy, [1, 2], [6.8, 54.2]),
  habit('card', 'SHELL OIL 57442', 'Shell', fuel, [3, 4], [36.4, 61.8]),
  habit('card', 'PAWS AND CLAWS', 'Paws and Claws', pets, [1, 2], [18.4, 72.1]),
  habit('card', 'THE HOME DEPOT #3021', 'The Home Depot', hardware, [0, 2], [14.2, 187.5]),
  only([6, 11], habit('card', 'UNITED AIRLINES ONLINE', 'United Airlines', flights, [2, 2], [284.2, 431.8])),
  only([7, 12], habit('card', 'SEABREEZE HOTEL', 'Seabreeze Hotel', lodging, [1, 1], [612, 1_140])),
  only([12], habit('card', 'TOYHOUSE', 'Toyhouse', gifts, [3, 5], [24.9, 118])),
  habit('tartan-card', 'GREEN BASKET MARKET #197', 'Green Basket Market', groceries, [4, 6], [14.2, 88.7]),
  tipped(habit('tartan-card', 'TST* NOODLE HOUSE', 'Noodle House', restaurant, [4, 6], [18.7, 58.4])),
  habit('tartan-card', 'CORNER BEAN COFFEE', 'Corner Bean Coffee', coffee, [9, 12], [3.75, 9.6]),
  habit('tartan-card', 'UBER TRIP HELP.UBER.COM', 'Uber', rides, [3, 5], [9.8, 34.6]),
  habit('tartan-card', 'METRO TRANSIT RELOAD', 'Metro Transit', transit, [2, 2], [30, 30]),
  habit('tartan-card', 'ALDER AND OAK CLOTHING', 'Alder and Oak', clothing, [1, 3], [28.5, 134]),
  habit('tartan-card', 'STUDIO BLADE HAIR', 'Studio Blade', hair, [1, 1], [62, 85]),
  habit('tartan-card', 'CHAPTER ONE BOOKS', 'Chapter One Books', books, [1, 2], [9.5, 42.3]),
  habit('tartan-card', 'SHELL OIL 57409', 'Shell', fuel, [1, 2], [28.9, 48.3]),
  habit('checking', 'ELMWOOD FARMERS MARKET', 'Elmwood Farmers Market', groceries, [3, 4], [11, 47.5]),
  habit('checking', 'CITY PARKING METER', 'City Parking', parking, [4, 6], [1.5, 9]),
  habit('checking', 'ATM WITHDRAWAL 0071 MAIN ST', null, cash, [1, 2], [60, 60]),
  habit('checking', 'NON-NETWORK ATM FEE', null, cashFee, [0, 1], [3, 3]),
  habit('tartan-checking', 'SCHOOL CAFETERIA', 'School Cafeteria', restaurant, [5, 8], [6.4, 12.8]),
  habit('tartan-checking', 'QUICKLANE CAR WASH', 'Quicklane Car Wash', car, [0, 1], [14, 22]),
  // Refunds are purchases below zero.
  habit('card', 'AMAZON.COM*REFUND', 'Amazon', marketplace, [0, 2], [-48.6, -9.9]),
  habit('tartan-card', 'ALDER AND OAK RETURN', 'Alder and Oak', clothing, [0, 1], [-64, -18.5]),
]

/** `dollars`: the least and the most of one purchase; `times`: of purchases in a month. */
export function habit(
  account: string,
  text: string,
  merchant: string | null,
  category: Habit['category'],
  times: Habit['times'],
  [least, most]: readonly [least: number, most: number],
): Habit {
  const cents = [Math.round(least * 100), Math.round(most * 100)] as const
  return { account, text, merchant, category, times, cents }
}

function only(months: readonly number[], habit: Habit): Habit {
  return { ...habit, months }
}

function tipped(habit: Habit): Habit {
  return { ...habit, tipped: true }
}
