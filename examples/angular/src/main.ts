import { bootstrapApplication } from '@angular/platform-browser'
import { setAssetsPath } from 'similar-items/define'
import { Product } from './product'

setAssetsPath('/similar-items/')
bootstrapApplication(Product)
