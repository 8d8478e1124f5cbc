import { categoryOf } from './category.ts'
import type { Habit } from './household-habits.ts'
import { habit } from './household-purchases.ts'

const of = (primary: string, detail: string) => categoryOf(primary, detail, 'VERY_HIGH')

const groceries = of('FOOD_AND_DRINK', 'GROCERIES')
const fastFood = of('FOOD_AND_DRINK', 'FAST_FOOD')
const vending = of('FOOD_AND_DRINK', 'VENDING_MACHINES')
const convenience = of('GENERAL_MERCHANDISE', 'CONVENIENCE_STORES')
const department = of('GENERAL_MERCHANDISE', 'DEPARTMENT_STORES')
const games = of('ENTERTAINMENT', 'VIDEO_GAMES')
const tolls = of('TRANSPORTATION', 'TOLLS')
const laundry = of('PERSONAL_CARE', 'LAUNDRY_AND_DRY_CLEANING')

/** What the golden household buys besides what the family does. */
export const goldenHabits: readonly Habit[] = [
  habit('card', 'MILL LANE BAKERY', 'Mill Lane Bakery', groceries, [8, 11], [3.2, 18.9]),
  habit('card', 'QUIKSTOP 0419', 'QuikStop', convenience, [4, 6], [2.5, 24.8]),
  habit('card', 'STREAMGAMES.COM', 'StreamGames', games, [1, 3], [4.99, 59.99]),
  habit('card', 'BENSON DEPARTMENT STORE', 'Benson', department, [1, 2], [24, 210]),
  habit('tartan-card', 'DELI ON FIFTH', 'Deli on Fifth', fastFood, [6, 9], [7.4, 21.2]),
  habit('tartan-card', 'WASH AND FOLD', 'Wash and Fold', laundry, [1, 2], [14, 32]),
  habit('tartan-checking', 'SNACKBOX VENDING', 'Snackbox', vending, [5, 8], [1.25, 3.75]),
  habit('checking', 'TURNPIKE TOLL', 'Turnpike', tolls, [5, 8], [1.5, 6.25]),
  // Refunds are purchases below zero; this one comes back to a bank account.
  habit('checking', 'ELMWOOD FARMERS MARKET REFUND', 'Elmwood Farmers Market', groceries, [0, 1], [-12, -4]),
  habit('card', 'BENSON RETURN', 'Benson', department, [0, 1], [-95, -18]),
]
