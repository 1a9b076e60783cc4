"""小二工作台 · the adjudicator's desk: queue by clock, one case on one page, what staff decide."""
