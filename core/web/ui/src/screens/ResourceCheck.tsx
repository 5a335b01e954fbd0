export { ResourceCheck as default } from "./resourceCheck/Screen";
