import { expose } from 'comlink'
import { SearchWorker } from './search-worker.js'

expose(new SearchWorker())
