given  = "s3cr3t-givenone-splitpart"
number = "s3cr3t-not-a-number"
