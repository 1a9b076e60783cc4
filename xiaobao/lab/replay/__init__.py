"""The live rules over all history: breaches, shares and deposits under any policy pack."""
