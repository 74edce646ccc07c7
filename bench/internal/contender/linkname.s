// This file lets vendor.go declare a function without a body.
