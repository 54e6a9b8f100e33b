export { practiceOperatorSigner } from './practice-operator.ts'
