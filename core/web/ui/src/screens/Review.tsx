export { default } from "./review/Review";
