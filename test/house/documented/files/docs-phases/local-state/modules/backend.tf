terraform {
  backend   "local" {
    path = "here.tfstate"
  }
}
