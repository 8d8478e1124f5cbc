import { bankingDay, dayIn } from './calendar.ts'
import type { PortfolioPlan, Step } from './household-portfolio-plan.ts'

/** Stocks, funds and a coin, bought a little of every month. */
export const brokeragePlan: PortfolioPlan = {
  cash: 125_000,
  held: [
    ['VTI', 84.5, 1_512_400],
    ['VXUS', 120, 640_800],
    ['BND', 95.25, 702_900],
    ['AAPL', 22, 241_560],
    ['MSFT', 40, 918_000],
    ['CUR:BTC', 0.085, 214_300],
  ],
  contributions: [
    {
      from: 'tartan-checking',
      to: 'brokerage',
      text: 'HOUNDSTOOTH BROKERAGE DEPOSIT',
      day: 16,
      cents: 30_000,
    },
  ],
  arrival: 'deposit',
  stepsIn: brokerageSteps,
}

export const iraPlan: PortfolioPlan = {
  cash: 4_150,
  held: [['VTIVX', 1_412.336, 2_980_000]],
  contributions: [
    { from: 'checking', to: 'ira', text: 'HOUNDSTOOTH IRA CONTRIBUTION', day: 10, cents: 50_000 },
  ],
  arrival: 'contribution',
  stepsIn: (month, arrives) => [
    { day: arrives, what: 'buy', ticker: 'VTIVX', size: 500 },
    { day: bankingDay(dayIn(month, 25)), what: 'dividend', ticker: 'VTIVX', size: 0.021 },
  ],
}

function brokerageSteps(month: string, arrives: string): Step[] {
  const at = (day: number) => bankingDay(dayIn(month, day))
  const monthNumber = Number(month.slice(5))
  const steps: Step[] = [
    { day: at(6), what: 'dividend', ticker: 'BND', size: 0.19 },
    { day: arrives, what: 'buy', ticker: 'VTI', size: 220 },
    { day: arrives, what: 'buy', ticker: 'BND', size: 75 },
  ]
  if (monthNumber % 3 === 0) steps.push({ day: at(24), what: 'dividend', ticker: 'VTI', size: 0.88 })
  if (monthNumber === 9) steps.push({ day: at(12), what: 'sell', ticker: 'MSFT', size: 1 })
  if (monthNumber === 12) steps.push({ day: at(22), what: 'fee', size: 25 })
  return steps
}
