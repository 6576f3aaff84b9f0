"""What a participation process is: its steps, its rules, and how its state follows from its entries."""
