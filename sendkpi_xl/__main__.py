"""`python -m sendkpi_xl` does what `sendkpi` does."""

from sendkpi_xl.cli import main

main()
