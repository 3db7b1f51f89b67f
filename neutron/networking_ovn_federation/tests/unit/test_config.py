"""Options and their sample. Needs oslo.config only."""

import pathlib
import tempfile
import unittest

from oslo_config import cfg

from networking_ovn_federation import config


class SampleTest(unittest.TestCase):

    def test_the_sample_has_all_options_with_their_defaults(self):
        sample = pathlib.Path(__file__).parents[3].joinpath('etc', 'ovn_federation.ini.sample').read_text()
        for option in config.OPTIONS:
            default = {None: '<None>', True: 'true', False: 'false'}.get(option.default, str(option.default))
            self.assertIn(f'\n#{option.name} = {default}\n', sample)

    def test_the_option_that_is_a_word_of_python_is_read(self):
        # oslo.config reads files by `dest`: with another dest, `as = 65001` in a file would be silently nothing.
        conf = cfg.ConfigOpts()
        config.register(conf)
        with tempfile.NamedTemporaryFile('w', suffix='.conf') as file:
            file.write('[ovn_federation]\nas = 65001\n')
            file.flush()
            conf(['--config-file', file.name])
        self.assertEqual(65001, conf.ovn_federation['as'])
