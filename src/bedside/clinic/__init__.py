"""What a hospital's server keeps: people who may enter, patients' charts at rest, and the record of every act."""
