"""The upstream side: who else may say who a person is, how they are asked, what they answered."""
