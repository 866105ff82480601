import { writeFile } from 'node:fs/promises'
import { parseExperimentEvents } from '../../measure/experiment-events.js'
import { experimentHtml, experimentText } from '../../measure/experiment-report.js'
import { readExperiment } from '../../measure/read-experiment.js'
import { readRecords } from '../read-records.js'
import { type Command, textOption } from './command.js'

export const experimentCommand: Command = {
  usage: 'EVENTS [--experiment NAME] [--control NAME] [--html FILE] [--json]',
  summary: 'Says what an experiment on shoppers found: click-through and conversion per variant.',
  help: `  --experiment NAME   which one, where the events are of several
  --control NAME      the variant that the others are compared with (default: the first by name)
  --html FILE         write a report with plots
  --json              for programs
EVENTS is JSONL or .csv: experiment, variant, visitor, type (exposure, click or conversion).`,
  arity: 1,
  options: {
    experiment: { type: 'string' },
    control: { type: 'string' },
    html: { type: 'string' },
    json: { type: 'boolean' },
  },
  async run(given, terminal) {
    const events = parseExperimentEvents(await readRecords(given.positionals[0] as string))
    const reading = readExperiment(events, {
      experiment: textOption(given, 'experiment'),
      control: textOption(given, 'control'),
    })
    const html = textOption(given, 'html')
    if (html) await writeFile(html, experimentHtml(reading))
    terminal.out.write(
      given.values.json ? `${JSON.stringify(reading, null, 2)}\n` : `${experimentText(reading)}\n`,
    )
    return 0
  },
}
